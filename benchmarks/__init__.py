"""Benchmarks: every figure of the README comes from here, measured in one run beside something known. ``python -m benchmarks``."""
