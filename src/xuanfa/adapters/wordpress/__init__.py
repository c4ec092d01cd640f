"""WordPress: a post as a post of a site, through its REST interface (kind ``wordpress``)."""

from xuanfa.adapters.wordpress.adapter import WordpressAdapter

__all__ = ["WordpressAdapter"]
