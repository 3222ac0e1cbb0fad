#!/usr/bin/env bash
# What is installed: found from any folder, hardened, described, sandboxed. Uses build/release, installs into a temporary
# folder, leaves nothing. Needs the targets motcua and package_files of the build given.
#
#   tests/packaging/package_test.sh [build/release]
set -u
cd "$(dirname "$0")/../.." || exit
build=${1:-build/release}
root=$(mktemp -d)
server=
trap '[ -n "$server" ] && kill "$server" 2>/dev/null; wait 2>/dev/null; rm -rf "$root"' EXIT
bad=0
expect() { # expect WHAT COMMAND…
  local what=$1 output
  shift
  output=$("$@" 2>&1) || { printf 'FAILED: %s\n%s\n' "$what" "$output" >&2; bad=1; }
}
has() { grep -qE -- "$2" <<<"$1"; }
file_has() { grep -qE -- "$2" "$1"; }

DESTDIR=$root cmake --install "$build" >/dev/null || exit 1
program=$root/usr/bin/motcua

# --- the files
for file in usr/bin/motcua usr/share/motcua/intents/synonyms.yml usr/share/motcua/data/api/openapi.yaml \
  usr/share/motcua/desk/index.html usr/share/motcua/tests/data/search_queries.tsv usr/share/man/man1/motcua.1.gz \
  usr/lib/systemd/system/motcua.service usr/lib/systemd/system/motcua-backup.timer etc/motcua/motcua.yml \
  usr/share/doc/motcua/van-hanh.md usr/share/doc/motcua/copyright usr/share/doc/motcua/sbom.cdx.json; do
  expect "$file is installed" test -s "$root/$file"
done
expect "the simulator is not" test ! -e "$root/usr/bin/motcua-zalo-sim"

# --- content is found from anywhere
cd /
expect "content is found from any folder" "$program" check
cd - >/dev/null || exit
version=$("$program" --version)
manual=$(zcat "$root/usr/share/man/man1/motcua.1.gz")
expect "the manual tells the version" has "$manual" "motcua ${version##* }"
for command in serve backup restore retention 'token consent' 'audit verify' 'report verify'; do
  expect "the manual tells of $command" has "$manual" "^\.SS motcua $command$"
  # shellcheck disable=SC2086
  expect "motcua $command exists" "$program" $command --help
done

# --- hardening
header=$(readelf -hW "$program")
segments=$(readelf -lW "$program")
dynamic=$(readelf -dW "$program")
symbols=$(readelf --dyn-syms -W "$program")
expect "position independent" has "$header" 'Type: +DYN'
expect "no executable stack" has "$segments" 'GNU_STACK.* RW +0x'
expect "no search path" test -z "$(grep -E 'RPATH|RUNPATH' <<<"$dynamic")"
if grep -q '^MOTCUA_HARDENED:BOOL=ON' "$build/CMakeCache.txt"; then
  expect "relro" has "$segments" GNU_RELRO
  expect "all symbols bound at the start" has "$dynamic" 'BIND_NOW|Flags:.* NOW'
  expect "stack protector" has "$symbols" __stack_chk_fail
  expect "fortified calls" has "$symbols" '__[a-z]+_chk'
  if [ "$(uname -m)" = x86_64 ]; then
    landings=$(LC_ALL=C grep -aoP '\xf3\x0f\x1e\xfa' "$program" | wc -l)
    expect "indirect branches land on endbr64 ($landings)" test "$landings" -gt 5000
  fi
else
  echo "package: $build is not hardened; scripts/package, then $0 build/package" >&2
fi

# --- bill of materials
sbom=$root/usr/share/doc/motcua/sbom.cdx.json
expect "the bill of materials is JSON of CycloneDX" python3 -c '
import json, sys
bom = json.load(open(sys.argv[1]))
assert bom["bomFormat"] == "CycloneDX" and bom["specVersion"] == "1.5"
names = {one["name"] for one in bom["components"]}
for wanted in ("libsqlite3-0", "libssl3", "libc6", "libboost1.81-dev", "react"):
    assert wanted in names, wanted
assert all(one["version"] and one["purl"].startswith("pkg:") for one in bom["components"])
' "$sbom"

# --- units
if command -v systemd-analyze >/dev/null; then
  units=$root/usr/lib/systemd/system
  for unit in motcua.service motcua-backup.service; do
    sed "s#/usr/bin/motcua#$program#g; s#^User=.*#User=root#; s#^Group=.*#Group=root#" "$units/$unit" >"$root/$unit"
    output=$(systemd-analyze verify --man=no "$root/$unit" 2>&1 | grep -F "$unit")
    expect "systemd takes $unit: $output" test -z "$output"
  done
  if systemd-analyze security --help 2>/dev/null | grep -q -- --threshold; then
    expect "the sandbox is tight" systemd-analyze security --no-pager --offline=true --threshold=20 "$units/motcua.service"
  fi
fi

# --- nginx
if command -v nginx >/dev/null && command -v openssl >/dev/null; then
  openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=a -days 1 -keyout "$root/key.pem" -out "$root/fullchain.pem" 2>/dev/null
  { printf 'pid %s/pid; error_log stderr; events {}\nhttp { access_log off;\n' "$root"
    for part in client_body proxy fastcgi uwsgi scgi; do printf '%s_temp_path %s/%s;\n' $part "$root" $part; done
    sed "s#/etc/ssl/motcua#$root#; s#listen \(\[::\]:\)\?80;##; s#listen \[::\]:443.*##; s#listen 443#listen 127.0.0.1:40443#; s#listen 8443#listen 127.0.0.1:48443#" \
      "$root/usr/share/doc/motcua/nginx.conf"; printf '}\n'; } >"$root/nginx.conf"
  expect "nginx takes the example" nginx -t -q -c "$root/nginx.conf"
fi

# --- maintainer scripts
for script in postinst prerm postrm; do expect "$script is a script" sh -n "packaging/$script"; done
expect "the configuration is a conffile" grep -qx /etc/motcua/motcua.yml packaging/conffiles
expect "it is read" "$program" check --config "$root/etc/motcua/motcua.yml" --set "storage.directory=$root/none"

# --- a fresh server: tells systemd and everybody what is missing
cat >"$root/config.yml" <<YML
public: {port: 0, address: 127.0.0.1}
staff: {port: 0}
storage: {directory: $root/storage}
log_format: text
YML
expect "without identity it refuses to serve, unless told otherwise" \
  sh -c "'$program' serve --config '$root/config.yml' 2>&1 | grep -q 'zalo.app_id is missing'"
cp -r build/test-models "$root/storage" 2>/dev/null || mkdir "$root/storage" # a model trained before
perl -MIO::Socket::UNIX -MSocket -e '
  $SIG{ALRM} = sub { exit 1 }; alarm 120;
  my $socket = IO::Socket::UNIX->new(Local => $ARGV[0], Type => SOCK_DGRAM) or die;
  print "bound\n"; $| = 1;
  while (defined $socket->recv(my $said, 100)) { open(my $file, ">>", $ARGV[1]); print $file "$said\n"; close $file; exit 0 if $said =~ /STOPPING/ }
' "$root/notify" "$root/notified" >"$root/bound" &
listener=$!
until [ -S "$root/notify" ] || ! kill -0 $listener 2>/dev/null; do :; done
NOTIFY_SOCKET=$root/notify WATCHDOG_USEC=300000 "$program" serve --allow-unconfigured --config "$root/config.yml" \
  >"$root/out" 2>"$root/log" &
server=$!
# until TEXT: has been told to systemd, or somebody has gone.
until_told() {
  until grep -q "^$1" "$root/notified" 2>/dev/null || ! kill -0 "$server" 2>/dev/null || ! kill -0 "$listener" 2>/dev/null; do
    read -r -t 0.1 <> <(:)
  done
}
until_told READY=1
expect "it tells systemd that it is ready" file_has "$root/notified" '^READY=1'
url=$(sed -n 's/^listening public //p' "$root/out")
expect "/healthz says what is missing" has "$(curl -sS "$url/healthz")" 'not configured: zalo.oa_id is missing'
expect "/readyz is 503" test "$(curl -sS -o "$root/body" -w '%{http_code}' "$url/readyz")" = 503
expect "a forged event is refused" test "$(curl -sS -o "$root/body" -w '%{http_code}' -H 'X-ZEvent-Signature: mac=00' \
  -d '{"event_name":"user_send_text","timestamp":"1","sender":{"id":"1"},"message":{"text":"a","msg_id":"1"}}' "$url/webhook/zalo")" = 401
expect "the log is text" file_has "$root/log" '^20[0-9-]+T[0-9:.]+Z warning not configured what="zalo.app_id is missing'
expect "no core can be dumped" grep -qE 'Max core file size +0 +0' "/proc/$server/limits"
until_told WATCHDOG=1
kill "$server"
wait "$server"
expect "it stops cleanly" test $? = 0
server=
wait $listener
expect "and says so" file_has "$root/notified" '^STOPPING=1'
[ $bad = 0 ] && echo "package: as it should be"
exit $bad
