"""Pictures: kept, fitted, drawn, and free of anything else."""
