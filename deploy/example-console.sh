#!/usr/bin/env bash
# The console with something in it, for whoever wants to see it: a copy of this repository's workspace under var/console, four people of an
# example office, everything in rehearsal. What is written or set there touches neither the repository nor any platform. `make clean` removes it.
set -euo pipefail
cd "$(dirname "$0")/.."
xuanfa=$PWD/.venv/bin/xuanfa
folder=$PWD/var/console
people=$folder/people.txt
listen=${1:-127.0.0.1:8000}
export XDG_STATE_HOME=$PWD/var/state
# Settings of whoever calls this are for a workspace of theirs.
for name in $(compgen -e XUANFA_ | grep -v '^XUANFA_LANG$' || true); do unset "$name"; done

# Login name, name, roles, who that is. The administrator's account is the first of any workspace.
office=(
  "chenshuhua|陈淑华|admin secrecy|管理员、保密审查"
  "zhoumin|周敏|editor publisher|编辑：写稿、提交、定时间"
  "wutong|吴桐|proofreader|校对"
  "wangyongping|王永平|reviewer approver|二审、签发"
)

lay_out() {
  mkdir -p "$folder"
  cp -R posts "$folder/"
  # The website, too, is only rehearsed; and what is written from now on is reviewed before it leaves.
  sed -e '/^adapter = "site"/a rehearsal = true' -e '/^\[columns\.action\]/a review = "small"' xuanfa.toml >"$folder/xuanfa.toml.new"
  # What the repository holds is out already, as in an office that has been at work.
  sed -e '/^review = "small"/d' "$folder/xuanfa.toml.new" >"$folder/xuanfa.toml"
  # These files are whole, however lately they were copied.
  XUANFA_PUBLISH__STILL_SECONDS=0 "$xuanfa" publish -w "$folder" >"$folder/publish.log" 2>&1 || test $? -eq 1 || { cat "$folder/publish.log" >&2; exit 1; }
  add_people
  mv "$folder/xuanfa.toml.new" "$folder/xuanfa.toml"
}

add_people() {
  local name display roles who options password first=""
  (umask 077 && : >"$people.new")
  while IFS='|' read -r name display roles who; do
    password=$("$PWD/.venv/bin/python" -c 'import secrets; print("-".join(secrets.token_hex(2) for _ in range(4)))')
    options=()
    for role in $roles; do options+=(--role "$role"); done
    if [ -z "$first" ]; then
      first=$name admin=$password
      printf '%s\n' "$password" | "$xuanfa" users add "$name" -w "$folder" --display "$display" "${options[@]}" >/dev/null
    else
      printf '%s\n%s\n' "$admin" "$password" \
        | "$xuanfa" users add "$name" -w "$folder" --display "$display" "${options[@]}" --as "$first" >/dev/null
    fi
    printf '%-14s %s   %s（%s）\n' "$name" "$password" "$display" "$who" >>"$people.new"
  done < <(printf '%s\n' "${office[@]}")
  mv "$people.new" "$people"
}

# Begun and not finished: an account without a known password is of no use.
if [ ! -e "$people" ]; then
  rm -rf "$folder" "$XDG_STATE_HOME" # with what was noted beside, or the new database would count as a lost one
  lay_out
else
  "$xuanfa" db upgrade -w "$folder" >/dev/null # the program may be a newer one than the last time
fi
echo "四个示例人员（用户名、密码）/ four example people (name, password)："
sed 's/^/  /' "$people"
echo "全部渠道都是演练，什么也不会真的发出去。按 Ctrl+C 结束。/ Everything is a rehearsal. Ctrl+C ends it."
exec "$xuanfa" serve -w "$folder" --listen "$listen"
