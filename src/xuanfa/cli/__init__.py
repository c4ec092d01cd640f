"""The command line. Nothing heavy is imported until a command runs."""

import os
import sys
from importlib import import_module
from typing import Any

import click

from xuanfa import __version__
from xuanfa.cli import failures
from xuanfa.cli.quotes import hint_of, without_curly_quotes
from xuanfa.cli.screen import screens
from xuanfa.cli.wording import Context, in_our_words
from xuanfa.domain.errors import XuanfaError
from xuanfa.domain.language import say
from xuanfa.domain.reader import process_read_by
from xuanfa.wording.command_line import staff

#: Whatever the umask of whoever starts it: folders 0750, files 0640 (``operations.access``).
UMASK = 0o027

#: The commands in the order of help: the module ``xuanfa.cli.<name>`` has a ``command``. Both languages stand here, so that
#: ``--help`` need not import any of them.
COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("新建一个工作区", "Make a workspace"),
    "new": ("新建一篇稿件", "Write a new post file"),
    "queue": ("读取 posts/，把稿件排入队列", "Read posts/ into the queue"),
    "publish": ("发布一遍到期的稿件（供 cron 调用）", "Publish what is due, once (for cron)"),
    "run": ("常驻运行，到点自动发布", "Stay and publish on time"),
    "serve": ("控制台：在浏览器里写稿、审校、发布", "The console: write, review and publish in a browser"),
    "mcp": ("供智能助手读稿、起草、预览、检查（标准输入输出）", "For assistants: read, draft, preview, check (stdio)"),
    "worker": ("多台机器之一：常驻并分担发布", "One of several machines: stay, and share the work"),
    "preview": ("生成各渠道的成稿预览", "Write what each channel would get"),
    "rehearse": ("演练一篇稿件，看各渠道的样子", "Try a post on practice platforms and look at it"),
    "posts": ("列出稿件", "List posts"),
    "deliveries": ("列出投递及其状态", "List deliveries and their states"),
    "show": ("查看一篇稿件或一条投递的来龙去脉", "Show a post or a delivery with its history"),
    "count": ("统计发布数量", "Count what was published"),
    "ledger": (
        "台账：逐条列出、写成表格，导入以前的",
        "The ledger: list it, write it to a file, import what was before",
    ),
    "report": ("月报、季报、年报：.xlsx、.docx、.csv、.html、.pdf", "Reports of a month, a quarter, a year as files"),
    "freshness": ("多久没更新，哪天断更", "How long nothing came, and the day on which that is too long"),
    "proof": ("存证：公开页上到底是什么，和发出的比", "What is really on the public pages, against what was sent"),
    "readers": ("阅读数据：登记、导入、查看", "Readers' figures: enter, import, show them"),
    "cancel": ("取消一条投递", "Cancel a delivery"),
    "reschedule": ("改发布时间", "Publish at another time"),
    "schedule": ("批量排期：按表格改时间、新建稿件", "Move and make many posts by a spreadsheet"),
    "release": ("放行被暂缓的投递", "Release a held delivery"),
    "shelf": ("保底稿：列出架上的，放行一篇", "Posts on the shelf: list them, release one"),
    "retry": ("重试失败的投递", "Try a failed delivery anew"),
    "resolve": ("核实一条结果不明的投递", "Settle a delivery in doubt"),
    "retract": ("撤一个渠道", "Withdraw what was published on one channel"),
    "withdraw": ("全文撤稿：所有渠道", "Take a post down everywhere"),
    "correct": ("更正已发布的稿件", "Correct what is out"),
    "pause": ("紧急停发：全部或一个渠道", "Stop sending: everything, or one channel"),
    "resume": ("解除暂停", "Go on sending"),
    "channels": ("列出渠道；暂停、恢复、登录", "List channels; pause, resume, sign in"),
    "alarms": ("列出等人处理的事；测试告警", "List what waits for a person; test the alarms"),
    "webhooks": ("回调：别的系统收到了什么，重发", "Webhooks: what other programs were told; send again"),
    "users": ("管理用户：谁可以作决定", "Keep the accounts of those who decide"),
    "solemn": ("肃穆期：列出、设定、提前结束", "Solemn periods: list, set, end them"),
    "workdays": ("工作日历：放假和调休，查看、导入", "Working days: show days off, bring in the plan of a year"),
    "doctor": ("检查配置与各渠道是否可用", "Check settings and channels"),
    "check": ("检查文字：隐私、保密、政治、用语、法律、标点、数字", "Check texts: privacy, secrecy, wording, form"),
    "review": (
        "审校：送审、通过、退回、查看，打印审核表",
        "Review posts: submit, approve, return, look, print the form",
    ),
    "access": ("限阅稿件：谁能看，确认放宽名单", "Restricted posts: who may read them, confirm a longer list"),
    "export": ("把一篇稿件写成 Word，改动作为修订", "Write a post as a Word document with tracked changes"),
    "archive": ("归档：一篇稿件的全部材料装进一个文件", "Put everything of a post away in one file"),
    "backup": ("备份：数据库、图片、稿件、网站，一个文件", "Back up the database and files into one file"),
    "restore": ("在新机器上恢复备份", "Put a backup back, on a new machine"),
    "recover": ("数据库丢失时：列出各处记得发过什么", "List what is remembered of a lost database"),
    "verify": ("检查数据是否完整、未被改动", "Check that what is stored is whole and unaltered"),
    "audit": ("审计：谁在何时作了什么决定；导出、核对", "Who decided what: show, export, verify"),
    "db": ("数据库维护", "Look after the database"),
    "version": ("显示版本", "Show the version"),
}


_ABOUT = (
    "宣发：一次写稿，审校后按时、只发一次，发布到专栏的每个渠道，并且数得清。",
    "xuanfa: write a post once, and see it published on time and exactly once on every channel, and counted.",
)


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, and listed without being imported."""

    context_class = Context

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command."""
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = import_module(f"xuanfa.cli.{cmd_name}").command
        found.name = cmd_name
        found.help = found.help or say(*COMMANDS[cmd_name])
        return in_our_words(found)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What it all is, in the language of whoever asks: this module is imported before that is known."""
        self.help = say(*_ABOUT)
        super().format_help_text(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list for ``--help``."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, say(zh, en)) for name, (zh, en) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest name where there is no such command."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from difflib import get_close_matches  # noqa: PLC0415 - only for a mistake

            near = get_close_matches(name, COMMANDS, n=1)
            hint = say("，是不是“{near}”？", "; did you mean {near}?", near=near[0]) if near else say("。", ".")
            text = say("没有“{name}”这个命令{hint}", "There is no command {name!r}{hint}", name=name, hint=hint)
            raise click.UsageError(text, ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="xuanfa", message="%(prog)s %(version)s")
def cli() -> None:
    """The root; each command takes ``--workspace``."""


def main(args: list[str] | None = None) -> Any:
    """The entry point: errors in words, or as JSON where the command was asked for it, and exit codes that cron can use (0 fine, 1 a
    person is needed, 2 wrong use)."""
    before = os.umask(UMASK)
    try:
        with screens(), process_read_by(staff()):
            return _run(sys.argv[1:] if args is None else args)
    finally:
        os.umask(before)


def _run(args: list[str]) -> Any:
    as_json = failures.wants_json(args)
    try:
        args = without_curly_quotes(args)
    except click.UsageError as error:
        return failures.tell_wrong_use(error, "", as_json=as_json)
    try:
        return cli.main(args, prog_name="xuanfa", standalone_mode=False) or 0
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.UsageError as error:
        return failures.tell_wrong_use(error, hint_of(args), as_json=as_json)
    except click.Abort:
        return failures.tell_abort(as_json=as_json)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except XuanfaError as error:
        return failures.tell_error(error, as_json=as_json)
    except SystemExit:
        # Click ends like this where the reader of a pipe (head, less) has had enough, with stdout and stderr made harmless.
        return 0
    except OSError as error:
        return failures.tell_machine(error, as_json=as_json)
