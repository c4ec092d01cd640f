"""``xuanfa restore FILE``: a workspace out of a backup, which sends nothing until a person says so."""

from pathlib import Path

import click

from xuanfa.cli.person import machine_account
from xuanfa.cli.shared import json_option, print_json, shown_time, workspace_option
from xuanfa.domain.language import say


@click.command()
@workspace_option
@json_option
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--check", is_flag=True, help=say("只检查备份能否恢复，不恢复", "Only see whether the backup can be restored")
)
@click.option(
    "--seal",
    metavar="NUMBER:HASH",
    help=say(
        "与自己保存的封印（或备份的指纹）核对，不符就不恢复",
        "Compare it with a seal (or the fingerprint of the backup) that you kept, and refuse it where it does not agree",
    ),
)
@click.option(
    "--with-settings",
    is_flag=True,
    help=say(
        "连同备份里的 xuanfa.toml（缺省放在旁边：xuanfa.toml.restored）",
        "With the xuanfa.toml of the backup (by default it lies beside, as xuanfa.toml.restored)",
    ),
)
@click.option(
    "--even-if-altered",
    is_flag=True,
    help=say("与自己的历史对不上也照样恢复", "Restore it even where it does not agree with its own history"),
)
def command(workspace: Path | None, file: Path, *, as_json: bool, check: bool, seal: str | None, **asked: bool) -> None:
    from xuanfa.bootstrap.restoring import Wishes, restore_workspace  # noqa: PLC0415

    if check:
        _check(file, seal, even_if_altered=asked["even_if_altered"], as_json=as_json)
        return
    if workspace is None:
        raise click.UsageError(say("请用 -w 写明恢复到哪个文件夹。", "say with -w into which folder."))
    wishes = Wishes(seal=seal, **asked)
    done, database = restore_workspace(file, workspace, machine_account(""), wishes=wishes)
    if as_json:
        print_json(
            {
                "folder": str(workspace.absolute()),
                "database": database,
                "files": done.files,
                "kept": [str(path) for path in done.kept],
                "elsewhere": {channel: list(map(str, folders)) for channel, folders in done.elsewhere.items()},
                "settings_aside": None if done.settings_aside is None else str(done.settings_aside),
                "unknown": done.doubted,
                "held": done.held,
                "notices": list(done.notices),
            }
        )
        return
    click.echo(
        say(
            "已恢复到 {folder}（数据库 {database}）：{files} 个文件。",
            "Restored into {folder} (database {database}): {files} files.",
            folder=workspace.absolute(),
            database=database,
            files=done.files,
        )
    )
    if done.databases[0] != done.databases[1]:
        text = say(
            "备份时用的是 {before}，现在在 {now} 里；若本应恢复到别的数据库，请先放好写有 database_url 的 .env，换一个空文件夹重新恢复。",
            "It was in {before} and is in {now} now. If it was to go elsewhere, put the .env with database_url in place first, and restore anew "
            "into an empty folder.",
            before=done.databases[0],
            now=done.databases[1],
        )
        click.echo(text)
    for path in done.kept:
        click.echo(say("原有的保持不变：{path}", "Was there already and stays: {path}", path=path))
    for channel, (now, before) in done.elsewhere.items():
        text = say(
            "渠道 {channel} 的文件夹原在 {before}，现放在 {now}，请移过去或改设置。",
            "The folder of the channel {channel} was {before} and is in {now} now: move it there, or change the setting.",
            channel=channel,
            before=before,
            now=now,
        )
        click.echo(text)
    _tell(done.notices)
    _tell_settings(done.settings_aside)
    has_settings = done.settings_aside is None and (workspace / "xuanfa.toml").exists()
    click.echo(_next_steps(done.doubted, done.held, has_settings=has_settings))


def _check(file: Path, seal: str | None, *, even_if_altered: bool, as_json: bool) -> None:
    from xuanfa.bootstrap.restoring import check_backup  # noqa: PLC0415

    found = check_backup(file, seal, even_if_altered=even_if_altered)
    if as_json:
        print_json(
            {
                "taken_at": found.taken_at,
                "posts": found.posts,
                "deliveries": found.deliveries,
                "members": found.members,
                "fingerprint": found.fingerprint or None,
                "notices": list(found.notices),
            }
        )
        return
    click.echo(
        say(
            "备份完整：{at} 的 {posts} 篇稿件、{deliveries} 条投递，{members} 个文件。",
            "The backup is whole: {posts} posts and {deliveries} deliveries as of {at}, {members} files.",
            at=shown_time(found.taken_at, found.zone),
            posts=found.posts,
            deliveries=found.deliveries,
            members=found.members,
        )
    )
    _tell(found.notices)
    if found.fingerprint:
        click.echo(say("指纹：{f}", "Fingerprint: {f}", f=found.fingerprint))


def _tell(notices: tuple[str, ...]) -> None:
    for notice in notices:
        click.echo(say("注意：{text}", "Note: {text}", text=notice), err=True)


def _tell_settings(aside: Path | None) -> None:
    if aside is not None:
        text = say(
            "备份里的设置没有启用，放在 {path}：里面写着发往哪里，请看过之后改名为 xuanfa.toml（或下次加 --with-settings）。"
            "其中若写有 database_url，须与上面的数据库一致。",
            "The settings of the backup are not in use; they lie in {path}. They say whereto everything is sent: look at them, then rename the "
            "file to xuanfa.toml (or say --with-settings next time). A database_url in it has to name the database above.",
            path=aside,
        )
        click.echo(text)


def _next_steps(doubted: int, held: int, *, has_settings: bool) -> str:
    settings = ".env" if has_settings else say("xuanfa.toml 和 .env", "xuanfa.toml and .env")
    return say(
        "备份之后发布过什么，这里不知道，所以什么也不会自己发出：已全部暂停，待核实 {doubted} 条，暂缓 {held} 条。\n"
        "下一步：\n"
        "  1. 确认旧机器已停，不会再发\n"
        "  2. 把 {settings} 放回来；微博、抖音要重新登录：xuanfa channels login 渠道\n"
        "  3. 若有更新的 posts/，现在放好（备份里没有的稿件会暂缓，不会自己发出）\n"
        "  4. xuanfa verify 和 xuanfa doctor\n"
        "  5. xuanfa recover 看程序外的记号记得备份之后发过什么；xuanfa deliveries --state unknown --state held，逐条到渠道上看：\n"
        "     已发出：xuanfa resolve 编号 --published 网址；没有：xuanfa resolve 编号 --absent --why 依据，或 xuanfa release 编号\n"
        "  6. xuanfa resume；备份之后写的稿件都放好了，加 --all-posts-are-here，不加则旧日期的新稿件仍会暂缓",
        "What was published after the backup is not known here, so nothing is sent by itself: everything is paused, {doubted} are unknown, "
        "{held} held.\n"
        "Next:\n"
        "  1. see that the old machine is off and sends no more\n"
        "  2. put {settings} back; sign in anew to Weibo and Douyin: xuanfa channels login CHANNEL\n"
        "  3. put a newer posts/ in place now, if there is one (posts that the backup does not have are held)\n"
        "  4. xuanfa verify and xuanfa doctor\n"
        "  5. xuanfa recover, for what marks outside the database know of the time since; xuanfa deliveries --state unknown --state held, and\n"
        "     look at the channel for each:\n"
        "     it is out: xuanfa resolve ID --published URL; it is not: resolve ID --absent, or release ID\n"
        "  6. xuanfa resume; with --all-posts-are-here once every newer post is in place, else new files of an old date are held",
        doubted=doubted,
        held=held,
        settings=settings,
    )
