#!/usr/bin/env bash
# Runs every command of the guides, in order, on an installation in a temporary folder: the blocks marked sh of the documents
# below. The paths of a real machine are moved below that folder; what belongs to the machine itself (packages, systemd,
# nginx) is stood in for. A comment before a block says what is typed: <!-- stdin: first line\nsecond line -->.
set -euo pipefail
cd "$(dirname "$0")/.."
build=$PWD/${1:-build/release}
root=$(mktemp -d)
export root build
work=$root/work stubs=$root/stubs
mkdir -p "$work" "$stubs" "$root"/{run,etc/nginx/sites-available,etc/nginx/sites-enabled,var/lib/motcua,srv}
simulator=
finish() {
  local pid
  for pid in "$simulator" "$(cat "$root/run/server" 2>/dev/null || true)"; do
    [ -n "$pid" ] && kill "$pid" 2>/dev/null || true
  done
  rm -rf "$root"
}
trap finish EXIT

DESTDIR=$root cmake --install "$build" >/dev/null
stub() { { echo '#!/usr/bin/env bash'; cat; } >"$stubs/$1"; chmod +x "$stubs/$1"; }
stub sudo <<'S'
[ "$1" = -u ] && shift 2
exec "$@"
S
stub apt-get <<'S'
:
S
cp "$stubs/apt-get" "$stubs/nginx"
stub journalctl <<'S'
cat "$root/run/log" 2>/dev/null || true
S
stub install <<'S'
words=()
while [ $# -gt 0 ]; do case $1 in -o | -g) shift 2 ;; *) words+=("$1"); shift ;; esac; done
exec /usr/bin/install "${words[@]}"
S
stub systemctl <<'S'
set -e
pid() { cat "$root/run/server" 2>/dev/null || true; }
# A process that has ended and whom nobody has collected yet is not running.
running() { local state; [ -n "$(pid)" ] && read -r _ _ state _ 2>/dev/null <"/proc/$(pid)/stat" && [ "$state" != Z ]; }
start() {
  running && return
  cp -np "$build"/../test-models/*.bin "$root/var/lib/motcua/" 2>/dev/null || true # a model trained before
  : >"$root/run/out" # what the former one said is no news of this one
  "$root/usr/bin/motcua" serve --allow-unconfigured >"$root/run/out" 2>>"$root/run/log" </dev/null &
  echo $! >"$root/run/server"
  until grep -q '^listening staff' "$root/run/out"; do
    running || { tail -n 3 "$root/run/log" >&2; exit 1; }
    read -r -t 0.1 <> <(:) || true
  done
}
stop() { running || return 0; kill "$(pid)"; while running; do read -r -t 0.1 <> <(:) || true; done; rm "$root/run/server"; }
action=$1
shift
case "$action $*" in
  'start motcua-backup.service')
    mkdir -p "$root/var/backups/motcua"
    sed -n 's/^ExecStart=//p' "$root/usr/lib/systemd/system/motcua-backup.service" |
      sed "s/\\$\\$/\$/g; s/%%/%/g; s#/usr/bin/motcua#$root/usr/bin/motcua#; s#/etc/motcua#$root/etc/motcua#; s#/var/backups#$root/var/backups#" | bash -e ;;
  'enable --now motcua-backup.timer' | *nginx) ;;
  'start motcua') start ;;
  'stop motcua') stop ;;
  'restart motcua') stop; start ;;
  'reload motcua') kill -HUP "$(pid)" ;;
  'status motcua' | 'is-active motcua') running && echo active ;;
  *) echo "systemctl $action $*: no stand-in" >&2; exit 1 ;;
esac
S

# Free ports, likely; taken ones would be told of.
public=$((21000 + RANDOM % 10000)) staff=$((public + 1)) zalo=$((public + 2))
MOTCUA_OA_SECRET_KEY=oa-secret-of-the-guide "$build/motcua-zalo-sim" --server "http://127.0.0.1:$public" --port $zalo >"$root/run/simulator" 2>&1 &
simulator=$!
sed -i "s/port: 8080/port: $public/; s/port: 8081/port: $staff/; s#/var/lib/motcua#$root/var/lib/motcua#" "$root/etc/motcua/motcua.yml"
cat >>"$root/etc/motcua/motcua.yml" <<YML
zalo.api_base: http://127.0.0.1:$zalo
zalo.oauth_base: http://127.0.0.1:$zalo
YML
touch "$work/motcua.deb"
PATH=$stubs:$root/usr/bin:$PATH
unset MOTCUA_OA_SECRET_KEY
systemctl start motcua

moved() {
  sed -E "s#(^|[ =:\"'<>])(/etc/(motcua|nginx)|/var/lib/motcua|/var/backups/motcua|/usr/share/(doc/)?motcua|/srv/motcua)#\1$root\2#g
          s/127.0.0.1:8080/127.0.0.1:$public/g; s/127.0.0.1:8081/127.0.0.1:$staff/g"
}

# blocks FILE: each block of commands into $root/blocks/NUMBER, what is typed into NUMBER.stdin, its line into NUMBER.line.
blocks() {
  rm -rf "$root/blocks"
  mkdir "$root/blocks"
  awk -v to="$root/blocks/" '
    /^ *<!-- stdin: .* -->$/ { typed = $0; sub(/^ *<!-- stdin: /, "", typed); sub(/ -->$/, "", typed); next }
    /^ *```sh$/ { name = sprintf("%s%03d", to, ++count); inside = 1; print NR + 1 >(name ".line"); close(name ".line")
                  if (typed != "") { gsub(/\\n/, "\n", typed); print typed >(name ".stdin"); close(name ".stdin"); typed = "" }
                  next }
    inside && /^ *```$/ { inside = 0; close(name); next }
    inside { sub(/^   /, ""); print >name }' "$1"
}

bad=0 ran=0
for document in docs/van-hanh.md docs/noi-dung.md docs/huong-dan-can-bo.md; do
  blocks "$document"
  for block in "$root"/blocks/???; do
    [ -e "$block" ] || continue
    input=/dev/null
    [ -e "$block.stdin" ] && input=$block.stdin
    ran=$((ran + 1))
    [ -n "${VERBOSE:-}" ] && echo "$document:$(cat "$block.line") $(date +%T)"
    if ! (cd "$work" && moved <"$block" >"$block.moved" && timeout 300 bash -euo pipefail "$block.moved" <"$input" >"$root/run/said" 2>&1); then
      echo "FAILED: $document:$(cat "$block.line")"
      cat "$block" "$root/run/said"
      tail -n 5 "$root/run/log"
      bad=1
      break 2
    fi
  done
done

# Commands within sentences, and options there, exist.
while read -r words; do
  read -r -a all <<<"$words"
  known=("${all[0]}")
  for word in "${all[@]:1}"; do
    if [[ $word == --* ]]; then
      grep -q -- "$word" <<<"$("$root/usr/bin/motcua" "${known[@]}" --help)" || { echo "FAILED: motcua ${known[*]} has no $word"; bad=1; }
    elif [[ $word =~ ^[a-z-]+$ ]] && grep -qE "^  $word( |\$)" <<<"$("$root/usr/bin/motcua" "${known[@]}" --help)"; then
      known+=("$word")
    fi
  done
  "$root/usr/bin/motcua" "${known[@]}" --help >/dev/null 2>&1 || { echo "FAILED: there is no motcua ${known[*]}"; bad=1; }
done < <(grep -ohE '`motcua [a-z][^`]*`' docs/van-hanh.md docs/noi-dung.md docs/huong-dan-can-bo.md README.md | tr -d '`' | sed 's/^motcua //' | sort -u)
[ $bad = 0 ] && echo "guides: $ran blocks ran"
exit $bad
