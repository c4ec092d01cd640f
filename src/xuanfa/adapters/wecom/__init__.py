"""The WeCom group robot (企业微信群机器人)."""

from xuanfa.adapters.wecom.adapter import WecomAdapter

__all__ = ["WecomAdapter"]
