"""The tables about days: which are worked, what recurs on which, and which are solemn."""

from xuanfa.store import series_schema, solemn_schema, working_days_schema

workdays = working_days_schema.workdays
series, occurrences = series_schema.series, series_schema.occurrences
solemn_periods = solemn_schema.solemn_periods
