"""The WeChat official account (微信公众号)."""

from xuanfa.adapters.wechat.adapter import WechatAdapter
from xuanfa.adapters.wechat.config import WechatConfig

__all__ = ["WechatAdapter", "WechatConfig"]
