"""What people write for the keys of front matter."""

from typing import Final

#: Chinese names that people write for the keys.
_CHINESE: Final = {
    "title": ("标题", "题目", "文章标题"),
    "column": ("栏目", "专栏", "所属专栏", "所属栏目"),
    "slug": ("编号", "稿件编号", "文件名", "标识"),
    "summary": ("摘要", "简介", "导语", "概要"),
    "author": ("作者", "撰稿", "撰稿人", "通讯员"),
    "department": ("部门", "供稿部门", "单位", "供稿单位"),
    "editor": ("责任编辑", "责编", "编辑"),
    "source": ("来源", "稿件来源", "转载来源"),
    "keywords": ("关键词", "关键字", "标签", "tags"),
    "cover": ("封面", "封面图", "首图", "image"),
    "publish_at": ("发布时间", "发布日期", "时间", "日期", "定时", "date", "time"),
    "expires_at": ("过期时间", "失效时间", "截止时间", "有效期"),
    "retract_at": ("撤下时间", "撤稿时间", "下线时间"),
    "review_on": ("复核日期", "复查日期", "复核时间"),
    "shelf": ("保底稿", "保底", "备用稿", "常备稿"),
    "repeat": ("重复", "重复发布", "定期", "周期"),
    "repeat_until": ("重复到", "重复至", "重复截止", "重复结束"),
    "on_holiday": ("遇节假日", "遇休息日", "节假日"),
    "solemn_ok": ("肃穆可发", "肃穆期可发", "肃穆"),
    "corrects": ("更正", "更正稿件", "更正对象"),
    "kind": ("类型", "稿件类型", "稿件种类", "审核模板"),
    "title_change": ("改题理由", "改标题的理由"),
    "licence": ("授权", "图片授权", "图片来源", "版权", "license"),
    "decoration": ("装饰图片", "装饰图"),
    "map_number": ("审图号",),
    "subtitle": ("副题", "副标题"),
    "phone": ("电话", "联系电话", "供稿人电话"),
    "case": ("涉案", "涉案情况", "是否涉案"),
    "secret": ("涉密", "是否涉密"),
    "personal": ("个人信息", "含个人信息", "是否含个人信息"),
    "minors": ("未成年", "未成年人", "涉未成年人", "是否涉未成年人"),
    "ai": ("人工智能", "使用人工智能", "是否使用人工智能", "使用AI", "是否使用AI"),
    "ai_pictures": ("AI图片", "生成图片", "AI生成的图片", "人工智能图片"),
    "access": ("限阅", "限阅名单", "阅读名单", "阅读范围", "可见范围"),
    "channels": ("渠道", "发布渠道", "平台"),
    "attachments": ("附件", "附件列表"),
    "file": ("文件", "附件文件"),
    "text": ("正文", "内容"),
    "name": ("名称", "来源名称"),
    "url": ("链接", "网址", "地址", "link"),
}
#: The key that each of them means.
MEANT: Final = {chinese: key for key, names in _CHINESE.items() for chinese in names}
