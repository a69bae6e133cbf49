#!/usr/bin/env bash
# Installs what is missing, from the package sources this machine is set up with (Debian 12 or newer, and npm).
#   scripts/setup.sh build    what building and running need
#   scripts/setup.sh test     that, and what ./test.sh needs (clang-19, Chromium, node modules of the tests)
#   scripts/setup.sh opcda    only what agent/opcda needs beside them: mingw-w64 and Wine, about 1.5 GB
# Run as root, or install the packages it names yourself. A tenth of a second when nothing is missing.
set -euo pipefail
# shellcheck source=scripts/env.sh
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
cd "$TAGWIRE_ROOT"

group=${1:-test}
case $group in build | test | opcda) ;; *)
  echo "usage: scripts/setup.sh [build|test|opcda]" >&2
  exit 2
  ;;
esac
say() { printf 'setup: %s\n' "$*" >&2; }

# shellcheck source=/dev/null
debian=$(. /etc/os-release && echo "${VERSION_ID:-0}")
boost=
open62541=(libopen62541-1.4-dev libopen62541-1.4-tools) # its CMake files name a folder of the tools
if [[ ${debian%%.*} == 12 ]]; then
  boost=1.81    # the default there is too old
  open62541=()  # not packaged there
fi

packages=(
  g++ cmake ninja-build ccache mold ca-certificates python3 dpkg-dev
  "libboost$boost-dev" "libboost-json$boost-dev" "libboost-url$boost-dev"
  libfmt-dev libspdlog-dev libtomlplusplus-dev libexpected-dev libutfcpp-dev
  prometheus-cpp-dev libssl-dev zlib1g-dev libzstd-dev libxxhash-dev libsqlite3-dev libsodium-dev libcurl4-openssl-dev libcjose-dev libpq-dev libgtest-dev libgmock-dev libbenchmark-dev
  "${open62541[@]}"
)
[[ $group == build ]] || packages+=(
  clang-19 clang-tidy-19 clang-format-19 libclang-rt-19-dev lld-19
  chromium fonts-noto-cjk
  openssl iproute2 # certificates and network namespaces of the system tests
  python3-websockets # of docs/examples/python
  strace systemd     # what the service forbids is compared with what the program needs
  libfaketime      # clocks that are set
  nmap curl        # what others say of our TLS, and clients that are not ours
  postgresql       # the sink's other end
)

apt() { DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 "$@" >&2; }

# install PACKAGE…: those of them that are not there yet. The index is refreshed only then; it may be stale or absent.
install() {
  local -A installed=()
  local package missing=()
  while read -r package; do installed[$package]=1; done < <(
    dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p'
  )
  for package; do [[ -n ${installed[$package]:-} ]] || missing+=("$package"); done
  ((${#missing[@]})) || return 0
  say "installing ${missing[*]}"
  if ((EUID != 0)); then
    say "not root; please run: apt-get install ${missing[*]}"
    return 1
  fi
  # A mirror whose Release file is past its date is still signed. A broken third source must not stop us.
  apt update || apt -o Acquire::Check-Valid-Until=false update || say "apt-get update failed; trying with the old index"
  apt install -y --no-install-recommends "${missing[@]}"
}

# Vite 8 and the tests need Node.js 20.19 or newer.
node_is_new_enough() {
  local version major minor
  version=$(node --version 2>/dev/null) || return 1
  IFS=. read -r major minor _ <<<"${version#v}"
  ((major > 20 || (major == 20 && minor >= 19)))
}

install_node() {
  if ! node_is_new_enough; then
    command -v npm >/dev/null || install nodejs npm
    if ! node_is_new_enough; then
      say "Node.js from the npm registry into .deps/node"
      mkdir -p .deps/node
      cp scripts/node/package.json scripts/node/package-lock.json .deps/node/
      npm ci --prefix .deps/node --ignore-scripts --no-audit --no-fund >&2
      mkdir -p .deps/node/bin
      (cd .deps/node/bin && ln -sf ../node_modules/node-linux-*/bin/node node)
      PATH=$PWD/.deps/node/bin:$PATH
      hash -r
      node_is_new_enough || { say "no usable Node.js"; return 1; }
    fi
  fi
  command -v npm >/dev/null || install npm
}

# node_modules of every folder with a package-lock.json, unless they came from exactly that file.
install_node_modules() {
  local lock folder stamp sum
  for lock in "$@"; do
    folder=$(dirname "$lock")
    stamp=$folder/node_modules/.installed-from
    sum=$(sha256sum <"$lock")
    [[ $(cat "$stamp" 2>/dev/null) == "$sum" ]] && continue
    say "npm ci in $folder"
    # Newer npm's `ci` refuses a lock file without the optional packages of other platforms; `install` takes the locked
    # versions, too, and leaves the file as it is.
    (cd "$folder" && { npm ci --no-audit --no-fund 2>/dev/null || npm install --no-save --no-audit --no-fund; } >&2)
    echo "$sum" >"$stamp"
  done
}

if [[ $group == opcda ]]; then
  # widl is in mingw-w64-tools, the IDL files that ours imports in libwine-dev.
  install g++-mingw-w64-x86-64-posix g++-mingw-w64-i686-posix mingw-w64-tools libwine-dev wine wine64
  exit
fi
install "${packages[@]}"
install_node
((${#open62541[@]})) || scripts/get-open62541.sh >&2

locks=()
[[ ! -f web/package-lock.json ]] || locks+=(web/package-lock.json)
if [[ $group == test ]]; then
  for lock in tests/*/package-lock.json bench/package-lock.json; do [[ ! -f $lock ]] || locks+=("$lock"); done
fi
((${#locks[@]} == 0)) || install_node_modules "${locks[@]}"
