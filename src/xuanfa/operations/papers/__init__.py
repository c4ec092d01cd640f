"""Papers: the form that people sign, its scan, and the packages in which posts are kept for ever."""
