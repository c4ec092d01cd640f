"""Reading: from the bytes of a file to a post, with everything that is wrong with it."""
