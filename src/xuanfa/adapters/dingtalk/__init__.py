"""The DingTalk group robot (钉钉自定义机器人)."""

from xuanfa.adapters.dingtalk.adapter import DingtalkAdapter

__all__ = ["DingtalkAdapter"]
