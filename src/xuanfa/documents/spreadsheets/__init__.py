"""Spreadsheets that people bring (.xlsx, .csv): one reader for every list that comes in, in which nothing is carried out.

``opened`` (in ``reading``) finds the columns by their headings and gives row after row; ``plain_rows`` gives lists that have no headings.
What is wrong with cells is gathered in ``BadRows`` (in ``troubles``), so that every import says it in the same words.
"""
