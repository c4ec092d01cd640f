"""Restricting (限阅): who may read which post before it is out. One rule, which every reader asks."""
