"""What 写稿 says: its tools, and the words that its script needs."""

from xuanfa.domain.language import say


def ai_words() -> dict[str, str]:
    """What each value of the front matter's use of AI is called."""
    return {
        "": say("没有写", "not said"),
        "none": say("没有用", "none"),
        "assisted": say("辅助", "assisted"),
        "generated": say("生成", "generated"),
    }


def tools() -> list[tuple[str, str, str, str]]:
    """Command, picture, words and key of each tool; an empty one parts them."""
    return [
        ("heading", "i-h", say("小标题", "Heading"), "Ctrl+2"),
        ("bold", "i-b", say("加粗", "Bold"), "Ctrl+B"),
        ("", "", "", ""),
        ("list", "i-ul", say("列表", "List"), "Ctrl+Shift+8"),
        ("number", "i-ol", say("编号", "Numbers"), "Ctrl+Shift+7"),
        ("quote", "i-quote", say("引用", "Quote"), ""),
        ("link", "i-link", say("链接", "Link"), "Ctrl+K"),
        ("", "", "", ""),
        ("picture", "i-image", say("图片", "Picture"), ""),
        ("table", "i-table", say("表格", "Table"), ""),
        ("note", "i-note", say("备注", "Note"), ""),
        ("", "", "", ""),
        ("undo", "i-undo", say("撤销", "Undo"), "Ctrl+Z"),
        ("redo", "i-redo", say("重做", "Redo"), "Ctrl+Y"),
    ]


def script_words() -> dict[str, str]:
    """All that the script says, by what it is for."""
    return {
        "untitled": say("还没有标题", "No title yet"),
        "revision": say("版本 {n}", "revision {n}"),
        "none": say("没有问题。", "Nothing to mend."),
        "found": say("第 {n} 处，共 {m} 处：{words}", "{n} of {m}: {words}"),
        "sent": say("已传 {n}/{m} MB", "{n} of {m} MB sent"),
        "resend": say(
            "连不上服务器，正在重试（第 {n} 次）。传到的 {m} MB 不用重来。",
            "The server is away: try {n}. The {m} MB that are there stay.",
        ),
        "mend": say("改成这样", "Change it so"),
        "saving": say("正在存…", "Saving…"),
        "saved": say("已存好", "Saved"),
        "away": say("没连上，先存在这台电脑上（{when}）", "Not connected: kept in this browser ({when})"),
        "lost": say(
            "连不上服务器，正在重试（第 {n} 次）。您接着写，都存在这台电脑上。",
            "The server is away: try {n}. Write on, all of it is kept in this browser.",
        ),
        "failed": say("没有传上去，请再试一次。", "It did not arrive; try once more."),
        "ended": say("登录过期了，先存在这台电脑上", "The sign-in has expired: kept in this browser"),
        "full": say("这台电脑上存不下了，请马上存为一版", "This browser has no room left: save it as a revision now"),
        "returning": say(
            "这台电脑上有 {when} 没送到的 {n} 个字", "This browser holds {n} characters of {when} that did not arrive"
        ),
        "title": say("标题 {n} 字", "title {n}"),
        "cell": say("第 {r} 行第 {c} 列", "row {r}, column {c}"),
        "picture": say("请选一张图，并写一句图片说明。", "Choose a picture, and say what it shows."),
        "refused": say(
            "这张图 {n} MB，最多 {m} MB，没有收。请缩小后再传。",
            "This picture has {n} MB, the most is {m} MB; it was not taken.",
        ),
        "heic": say(
            "这是苹果手机的 HEIC 图，请先在手机上存成 JPG。", "This is HEIC: save it as JPG on the phone first."
        ),
        "plain": say(
            "服务器没有及时回应，只贴进了文字。要小标题、列表和表格，请撤销（Ctrl+Z）再贴一次。",
            "The server did not answer in time: plain text was pasted. For headings, lists and tables undo it (Ctrl+Z) and paste again.",
        ),
        "docx": say(
            "Word 文件请拖到“稿件”那一页，会成为一篇新稿。", "Drop Word files on the list of posts: each is a new one."
        ),
        "doc": say(
            "这里只收图片；Word 文件请另存为 .docx，拖到“稿件”那一页。",
            "Only pictures here; Word files as .docx on the list.",
        ),
    }
