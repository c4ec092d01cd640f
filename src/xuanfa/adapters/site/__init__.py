"""A static website: articles, columns, home, feeds and sitemap as plain files under one folder."""

from xuanfa.adapters.site.adapter import SiteAdapter
from xuanfa.adapters.site.config import SiteConfig

__all__ = ["SiteAdapter", "SiteConfig"]
