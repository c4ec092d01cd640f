"""Reports: what was published, in figures and lists, derived from the ledger and nothing else."""
