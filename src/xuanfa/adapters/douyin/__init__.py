"""Douyin (抖音): image-text posts and videos for accounts that may; a ready pack for everybody else."""

from xuanfa.adapters.douyin.adapter import DouyinAdapter
from xuanfa.adapters.douyin.config import DouyinConfig

__all__ = ["DouyinAdapter", "DouyinConfig"]
