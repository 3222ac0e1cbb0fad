#!/usr/bin/env bash
# Who may include whom: docs/architecture.md. Prints every forbidden include; fails if there is one.
set -u
cd "$(dirname "$0")/.."
bad=0

# forbid FOLDER PATTERN: no file of src/FOLDER or include/motcua/FOLDER includes a header that matches.
forbid() {
  local found
  found=$(grep -rnE "#include [<\"]($2)" "src/$1" "include/motcua/$1" 2>/dev/null)
  [ -z "$found" ] && return
  echo "$found"
  bad=1
}

libraries='boost/asio|boost/beast|nlohmann|simdjson|yaml-cpp|SQLiteCpp|sqlite3|openssl|spdlog|zlib'
forbid core "$libraries|motcua/(app|adapters|support|simulator)/"
forbid support 'motcua/(core|app|adapters|simulator)/|boost/beast/(core|http)|nlohmann|yaml-cpp|SQLiteCpp'
forbid app 'boost/beast|nlohmann|simdjson|yaml-cpp|SQLiteCpp|sqlite3|openssl|motcua/(adapters|simulator)/'
for adapter in http zalo sqlite content files dossiers report; do
  others=$(printf '%s\n' http zalo sqlite content files dossiers report staff_api | grep -vx "$adapter" | paste -sd'|')
  forbid "adapters/$adapter" "motcua/adapters/($others)/|motcua/simulator/"
done
# The staff half of the HTTP adapter, in a folder of its own.
forbid adapters/staff_api 'motcua/adapters/(zalo|sqlite|content|files|report)/|motcua/simulator/|boost/beast|yaml-cpp|SQLiteCpp'
forbid adapters/http 'nlohmann|yaml-cpp|SQLiteCpp'
forbid adapters/zalo 'yaml-cpp|SQLiteCpp'
forbid adapters/sqlite 'yaml-cpp|boost/beast'
forbid adapters/report 'SQLiteCpp|boost/|yaml-cpp|openssl'
forbid adapters/content 'SQLiteCpp|boost/beast|openssl'
forbid adapters/files 'SQLiteCpp|boost/beast|nlohmann|yaml-cpp'
forbid adapters/dossiers 'SQLiteCpp|boost/beast|yaml-cpp'
forbid simulator 'motcua/adapters/(sqlite|content)/|SQLiteCpp|yaml-cpp'

# Inside core: text <- understand, procedures; reach knows nobody; dialogue knows them all.
forbid core/text 'motcua/core/(understand|procedures|dialogue|reach)/'
forbid core/understand 'motcua/core/(procedures|dialogue|reach)/'
forbid core/procedures 'motcua/core/(understand|dialogue|reach)/'
forbid core/dossiers 'motcua/core/(understand|procedures|dialogue|reach|complaints)/'
forbid core/reach 'motcua/core/(text|understand|procedures|dialogue)/'
# No clock, environment or randomness below main.
found=$(grep -rnE 'system_clock::now|getenv|random_device|std::rand\(' src/core src/app include/motcua/core include/motcua/app)
[ -n "$found" ] && { echo "$found"; bad=1; }
exit $bad
