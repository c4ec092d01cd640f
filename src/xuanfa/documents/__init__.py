"""Documents: what office programs, printers and scanners read and write: Word, PDF, workbooks, codes on paper."""
