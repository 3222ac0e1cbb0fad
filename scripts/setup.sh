# Shared by ./run and ./test: installs what is missing, builds a preset. Sourced, not run.

say() { printf '== %s\n' "$*" >&2; }

# need_packages FILE…: installs the packages named in the files that are not installed; no network if none is missing.
# A command of the package's name will do: Node.js from its makers brings npm along and conflicts with Debian's.
need_packages() {
  local package missing=()
  for package in $(cat "$@"); do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
      command -v "$package" >/dev/null || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  say "installing ${#missing[@]} packages"
  local root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { say "these packages are missing, and neither root nor sudo is there: ${missing[*]}"; return 1; }
    root=(sudo)
  fi
  "${root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${root[@]}" ${root:+env DEBIAN_FRONTEND=noninteractive} \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# build PRESET [TARGET…]: builds what changed. Configuring again is quick, and finds what was installed since.
build() {
  local preset=$1
  shift
  cmake --preset "$preset" >/dev/null
  say "building $preset"
  cmake --build "build/$preset" ${1:+--target "$@"} -- --quiet
}
