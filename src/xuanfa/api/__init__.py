"""The interface for programs, below ``/api/v1``: what a token may read and do. It approves nothing, and settles no doubt."""
