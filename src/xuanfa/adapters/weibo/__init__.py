"""Weibo (微博): short posts through ``statuses/share``, headline articles for accounts that may; OAuth2 sign-in by a person."""

from xuanfa.adapters.weibo.adapter import WeiboAdapter
from xuanfa.adapters.weibo.config import WeiboConfig

__all__ = ["WeiboAdapter", "WeiboConfig"]
