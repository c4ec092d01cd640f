"""The Feishu group robot (飞书自定义机器人)."""

from xuanfa.adapters.feishu.adapter import FeishuAdapter

__all__ = ["FeishuAdapter"]
