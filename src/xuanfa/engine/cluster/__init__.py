"""Cluster: several machines share the work. Each runs nodes; Procrastinate, in the same PostgreSQL, hands them batches of what is due."""
