"""The pages: each module lists its ways in (``WAYS``)."""
