"""``xuanfa backup FILE``: everything that cannot be made again, in one file."""

from pathlib import Path

import click

from xuanfa.cli.shared import desk, json_option, print_json, shown_time, workspace_option
from xuanfa.domain.language import say


@click.command()
@workspace_option
@json_option
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--keep",
    type=click.IntRange(1, 10_000),
    metavar="N",
    help=say("FILE 是文件夹时，只留最新的 N 份", "Where FILE is a folder, keep the newest N there"),
)
def command(workspace: Path | None, as_json: bool, file: Path, keep: int | None) -> None:
    from xuanfa.operations.keeping.backup import backup  # noqa: PLC0415

    with desk(workspace) as opened:
        made = backup(opened, file.absolute(), keep)
        zone = opened.zone
    seal = None if made.seal is None else f"{made.seal.number}:{made.seal.hash}"
    _warn(made.missing, made.left_out, made.unread)
    _warn_odd(made.odd)
    if as_json:
        print_json(
            {
                "file": str(made.path),
                "size": made.size,
                "taken_at": made.taken_at,
                "posts": made.counts["posts"],
                "deliveries": made.counts["deliveries"],
                "files": made.files,
                "seal": seal,
                "missing": list(made.missing),
                "left_out": [name for name, _ in (*made.left_out, *made.odd)],
                "unread": list(made.unread),
                "removed": [str(path) for path in made.removed],
            }
        )
        return
    click.echo(
        say(
            "已备份到 {file}：{at} 的 {posts} 篇稿件、{deliveries} 条投递，{files} 个文件，共 {size} MB。",
            "Backed up to {file}: {posts} posts and {deliveries} deliveries as of {at}, {files} files, {size} MB.",
            file=made.path,
            at=shown_time(made.taken_at, zone),
            posts=made.counts["posts"],
            deliveries=made.counts["deliveries"],
            files=made.files,
            size=f"{made.size / 1e6:.1f}",
        )
    )
    if made.removed:
        click.echo(say("已删除更早的 {n} 份。", "{n} older ones were removed.", n=len(made.removed)))
    if seal:
        click.echo(say("历史记录的封印：{seal}", "Seal of the history: {seal}", seal=seal))
    text = say(
        "备份的指纹：{f}\n封印和指纹抄在别处，恢复时用 xuanfa restore --seal 核对。",
        "Fingerprint of the backup: {f}\nKeep seal and fingerprint elsewhere, and compare them with restore --seal.",
        f=made.fingerprint,
    )
    click.echo(text)
    click.echo(
        say(
            "其中不含 .env 里的密钥和各平台的令牌，请另行保管；xuanfa.toml 里若写了密钥则在其中，文件权限已设为 600。",
            "It holds no secrets of .env and no tokens of channels: keep those elsewhere. What xuanfa.toml holds is in it; its mode is 600.",
        )
    )


def _warn_odd(odd: tuple[tuple[str, str], ...]) -> None:
    for name, why in odd:
        text = say(
            "没有备份 {name}：{why}。其余照常备份；不需要就删去它，需要就改好权限或换成文件",
            "Not in the backup: {name}: {why}. The rest is in it; remove it, or make it a file that can be read",
            name=name,
            why=why,
        )
        click.echo(text, err=True)


def _warn(missing: tuple[str, ...], left_out: tuple[tuple[str, str], ...], unread: tuple[str, ...]) -> None:
    for name in missing:
        text = say(
            "图片 {name} 不见了，备份里没有：运行 xuanfa verify",
            "The picture {name} is gone: run xuanfa verify",
            name=name,
        )
        click.echo(text, err=True)
    for name, why in left_out:
        text = say(
            "没有备份 {name}：{why}。其余照常备份。",
            "Not in the backup: {name}: {why}. The rest is in it.",
            name=name,
            why=why,
        )
        click.echo(text, err=True)
    if unread:
        from xuanfa.operations.keeping.members import listed  # noqa: PLC0415 - needed only here

        text = say(
            "备份里的 {names} 改过但还没有读入：要连同读入的结果一起备份，先运行 xuanfa queue",
            "In the backup, but changed and not read yet: {names}. To back them up as read, run xuanfa queue first",
            names=listed(list(unread)),
        )
        click.echo(text, err=True)
