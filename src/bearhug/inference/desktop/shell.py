"""The shell script that Linux and macOS run: it does the work and tells how it went."""

import shlex

from bearhug.inference.desktop.records import Errand

SCRIPT = """\
#!/bin/sh
# Made by `bearhug desktop install`; `bearhug desktop remove` takes it away.
case "${LC_ALL:-${LC_MESSAGES:-$LANG}}" in
  zh*) title='去除背景' begun='正在处理……' done='完成的图片：' failed='没有成功：' ;;
  *) title='Remove background' begun='At work …' done='Pictures made: ' failed='It did not work: ' ;;
esac

tell() {
  if command -v notify-send >/dev/null 2>&1; then notify-send -- "$title" "$1"
  elif command -v osascript >/dev/null 2>&1; then
    osascript -e 'on run said' -e 'display notification (item 2 of said) with title (item 1 of said)' \\
      -e 'end run' "$title" "$1"
  elif command -v zenity >/dev/null 2>&1; then zenity --notification --text="$title: $1"
  elif command -v kdialog >/dev/null 2>&1; then kdialog --title "$title" --passivepopup "$1" 8
  else printf '%s: %s\\n' "$title" "$1" >&2
  fi
}

[ $# -gt 0 ] || exit 0
errors=$(mktemp) || exit 1
trap 'rm -f "$errors"' EXIT
tell "$begun"
if made=$(COMMAND "$@" 2>"$errors"); then
  tell "$done$(printf '%s\\n' "$made" | grep -c .)"
else
  tell "$failed$(tail -n 3 "$errors")"
  exit 1
fi
"""


def script(errand: Errand) -> str:
    """POSIX shell; every word of the command is quoted, and pictures come as arguments."""
    return SCRIPT.replace("COMMAND", shlex.join(errand.words))
