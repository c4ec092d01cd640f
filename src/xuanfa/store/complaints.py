"""A database's complaints in words for the operator: what is wrong and what to do, and never a password."""

from sqlalchemy import URL
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from xuanfa.domain.errors import StoreError
from xuanfa.domain.language import say


def store_error(error: Exception, url: URL) -> Exception:
    """The complaint in words; an error that is our own mistake stays what it is."""
    cause = getattr(error, "orig", None) or error
    text, where = str(cause), _where(url)
    words = _words(getattr(cause, "sqlstate", None), text.lower(), url)
    if words is not None:
        return StoreError(say(*words, where=where))
    if isinstance(error, OperationalError | PoolTimeoutError):
        return StoreError(
            say(
                "打不开数据库 {where}：{text}",
                "Cannot use the database {where}: {text}",
                where=where,
                text=text.splitlines()[0],
            )
        )
    return error


def missing_driver(url: URL) -> StoreError:
    """PostgreSQL is asked for where its driver is not installed."""
    return StoreError(
        say(
            "database_url 指向 PostgreSQL（{where}），但没有安装驱动：请运行 pip install 'xuanfa[postgres]'。",
            "database_url names PostgreSQL ({where}), and its driver is not installed: run pip install 'xuanfa[postgres]'.",
            where=_where(url),
        )
    )


def wrong_encoding(url: URL, found: str) -> StoreError:
    """A PostgreSQL database that cannot hold every character."""
    return StoreError(
        say(
            "数据库 {where} 的编码是 {found}，存不下所有文字：请另建一个库，createdb --encoding UTF8 --template template0 新库名。",
            "The database {where} is encoded as {found} and cannot hold every character: make another one with "
            "createdb --encoding UTF8 --template template0 NAME.",
            where=_where(url),
            found=found,
        )
    )


def _where(url: URL) -> str:
    """The file, or the server and the name of the database."""
    if url.get_backend_name() == "sqlite":
        return url.database or url.render_as_string()
    server = f"{url.host or 'localhost'}{f':{url.port}' if url.port else ''}"
    return f"{server}/{url.database or ''}"


_Words = tuple[str, str]

_LOCKED = (
    "数据库 {where} 被别的程序长时间占用：请关掉占用它的程序（如数据库查看工具），稍后会自动重试。",
    "The database {where} has been locked by another program for long: close it; the next pass tries again.",
)
_FULL = (
    "磁盘已满，数据库 {where} 写不进去：请清理磁盘空间，之后自动继续，已有记录不受影响。",
    "The disk is full and the database {where} cannot be written: free some space; nothing recorded is lost.",
)
_FAILING = (
    "读写数据库 {where} 时磁盘出错：请检查磁盘是否已满、已断开或损坏。",
    "The disk failed under the database {where}: check whether it is full, gone or damaged.",
)
_DAMAGED = (
    "数据库 {where} 已损坏：请停止程序并从备份恢复。",
    "The database {where} is damaged: stop the program and restore a backup.",
)
_PASSWORD = (
    "数据库 {where} 不接受这个账号或密码：请核对 database_url 里的用户名和密码。",
    "The database {where} refuses this account or password: check both in database_url.",
)
_ACCOUNT = (
    "数据库服务器没有 database_url 里的这个账号（{where}）：请核对用户名，或请管理员用 createuser 建立。",
    "The server has no account as in database_url ({where}): check the name, or have it made with createuser.",
)
_NO_DATABASE = (
    "数据库 {where} 不存在：请核对 database_url 里的库名，或请管理员用 createdb 建立。",
    "The database {where} does not exist: check its name in database_url, or have it made with createdb.",
)
_NOT_ADMITTED = (
    "数据库服务器不许本机连接 {where}：请管理员在 pg_hba.conf 里放行本机和这个账号。",
    "The server does not admit this machine to {where}: have pg_hba.conf allow it for this account.",
)
_UNREACHABLE = (
    "连不上数据库服务器 {where}：请检查它是否在运行、地址和端口是否正确、防火墙是否放行。",
    "Cannot reach the database server {where}: check that it runs, its address and port, and the firewall.",
)
_NO_HOST = (
    "找不到数据库服务器 {where} 的主机名：请核对 database_url 里的主机名和本机的 DNS。",
    "The host of the database server {where} is not found: check its name in database_url and this machine's DNS.",
)
_CUT_OFF = (
    "与数据库 {where} 的连接中断：请检查网络和数据库服务器，恢复后自动继续。",
    "The connection to the database {where} was lost: check the network and the server; it goes on by itself afterwards.",
)
_STARTING = (
    "数据库服务器 {where} 正在启动或停止：稍后会自动重试。",
    "The database server {where} is starting or stopping: it is tried again by itself.",
)
_CROWDED = (
    "数据库服务器 {where} 的连接数已满：请减少进程，或请管理员调大 max_connections。",
    "The database server {where} has no connection left: run fewer processes, or have max_connections raised.",
)
_TOO_LONG = (
    "有一个名字太长，数据库 {where} 存不下，什么也没有写入：请检查刚改过的设置、环境变量和文件名，把过长的改短。",
    "Some name is too long for the database {where}, and nothing was written: see which setting, variable or file name was changed, and shorten it.",
)
_COLLISION = (
    "另一个进程正在改同一批记录，这次什么也没有写入数据库 {where}：请再试一次。",
    "Another process was changing the same rows; nothing was written to {where} this time: try once more.",
)
_NOT_ALLOWED = (
    "数据库账号的权限不够（{where}）：请让这个账号成为该库的所有者。",
    "The account may not do this in {where}: make it the owner of the database.",
)
_STANDBY = (
    "数据库 {where} 是只读的（可能连到了备机）：请把 database_url 指向主库。",
    "The database {where} is read-only, perhaps a standby: let database_url name the primary.",
)
_TAKEN = (
    "数据库 {where} 里已有别的程序的同名数据表：请给 xuanfa 一个单独的库。",
    "The database {where} holds tables of another program with our names: give xuanfa a database of its own.",
)

#: By SQLSTATE (PostgreSQL's manual, appendix A), because the server's texts may be in any language.
_STATES: dict[str, _Words] = {
    "22001": _TOO_LONG,
    "25006": _STANDBY,
    "25P03": _CUT_OFF,
    "28000": _NOT_ADMITTED,
    "28P01": _PASSWORD,
    "3D000": _NO_DATABASE,
    "3F000": _NOT_ALLOWED,
    "40001": _COLLISION,
    "40P01": _COLLISION,
    "42501": _NOT_ALLOWED,
    "42P07": _TAKEN,
    "53100": _FULL,
    "53300": _CROWDED,
    "55P03": _LOCKED,
    "57P01": _CUT_OFF,
    "57P02": _CUT_OFF,
    "57P03": _STARTING,
    "58030": _FAILING,
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
}

#: Found by their text, in lower case, since SQLite's driver gives no other sign.
_SQLITE: tuple[tuple[str, _Words], ...] = (
    ("locked", _LOCKED),
    ("disk is full", _FULL),
    ("disk i/o error", _FAILING),
    (
        "readonly",
        (
            "数据库 {where} 是只读的：请检查文件和所在文件夹的属主与权限；同组的账号只能看，要改动请以运行服务的账户执行（sudo -u xuanfa …）。",
            "The database {where} is read-only: check owner and mode of the file and its folder; to change something, be the account of the service.",
        ),
    ),
    (
        "unable to open",
        (
            "打不开数据库 {where}：请检查文件夹是否存在、运行账户有没有读写权限。",
            "Cannot open the database {where}: check that its folder exists and that this account may read and write it.",
        ),
    ),
    (
        "not a database",
        (
            "{where} 不是数据库文件，或已损坏：请从备份恢复，或在 database_url 里换一个路径。",
            "{where} is not a database or is damaged: restore a backup or set another database_url.",
        ),
    ),
    ("malformed", _DAMAGED),
)
#: A connection to PostgreSQL that does not come about, or ends, has no SQLSTATE either. Where the server itself speaks, its Chinese words
#: stand beside the English ones.
_CONNECTING: tuple[tuple[str, _Words], ...] = (
    ("password authentication failed", _PASSWORD),
    ("password 认证失败", _PASSWORD),
    ("no password supplied", _PASSWORD),
    ("no pg_hba.conf entry", _NOT_ADMITTED),
    ("too many clients", _CROWDED),
    ("too many connections", _CROWDED),
    ("remaining connection slots", _CROWDED),
    ("the database system is", _STARTING),
    ('role "', _ACCOUNT),
    ("角色", _ACCOUNT),
    ("does not exist", _NO_DATABASE),
    ("不存在", _NO_DATABASE),
    ("could not translate host name", _NO_HOST),
    ("failed to resolve host", _NO_HOST),
    ("name or service not known", _NO_HOST),
    ("connection refused", _UNREACHABLE),
    ("no route to host", _UNREACHABLE),
    ("network is unreachable", _UNREACHABLE),
    ("timeout expired", _UNREACHABLE),
    ("no such file or directory", _UNREACHABLE),
    ("no space left", _FULL),
    ("server closed the connection", _CUT_OFF),
    ("connection reset", _CUT_OFF),
    ("could not receive data", _CUT_OFF),
    ("could not send data", _CUT_OFF),
    ("connection is lost", _CUT_OFF),
    ("connection is closed", _CUT_OFF),
    ("consuming input failed", _CUT_OFF),
    ("sending query failed", _CUT_OFF),
)


def _words(state: str | None, text: str, url: URL) -> _Words | None:
    if state:
        return _STATES.get(state)
    signs = _SQLITE if url.get_backend_name() == "sqlite" else _CONNECTING
    return next((words for sign, words in signs if sign in text), None)
