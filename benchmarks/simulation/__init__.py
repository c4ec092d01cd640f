"""A year of a province on a simulated clock: the real code down to the transport, faults in one request of a hundred, and a balance.

Real: settings, inbox, rendering, adapters, operations, passes, and a database on SQLite files. Simulated: the network (the practice
platforms behind a transport of our own), the clock, and the clerk who decides what only a person may. Everything is drawn from the seed,
and one thread performs a shard's jobs in order, so that the same seed gives the same ledger; threads and kills by the system are what
the crash tests are for.
"""
