#!/bin/sh
# Builds open62541 from the signed Debian source package into a prefix; docs/adr/0002-open62541-1.4.md says why.
#   scripts/get-open62541.sh [PREFIX]        default: .deps/open62541, where CMake looks; UA_NS0=FULL adds alarms and
#                                            conditions (for a test server); JOBS sets the parallelism
# Half a minute with two cores. Does nothing when the prefix holds this version already.
set -eu
VERSION=1.4.18-1
BUILD=3 # raise when a flag below changes
PINS='fe4db1e13bb32c1030761efbdd5f917e616ae7b8c511787866ae846128c045ba  open62541_1.4.18.orig.tar.gz
aaa7b0d318772ff99ca45f5b49d91d293670986f6172279dd6cc567b487d8850  open62541_1.4.18.orig-nodeset.tar.gz
e57ed9b63845937058402e399a95ce7f45e94e3dab92569ccba134c94d267c23  open62541_1.4.18-1.debian.tar.xz'

ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
PREFIX=${1:-$ROOT/.deps/open62541}
NS0=${UA_NS0:-REDUCED}
STAMP=$PREFIX/.built
[ "$(cat "$STAMP" 2>/dev/null)" = "$VERSION+$BUILD $NS0" ] && exit 0

say() { printf 'open62541: %s\n' "$*" >&2; }
say "building $VERSION into $PREFIX"
missing=
for package in cmake ninja-build g++ python3 libssl-dev dpkg-dev debian-archive-keyring; do
  dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
[ -z "$missing" ] || { say "missing packages:$missing (scripts/setup.sh installs them)"; exit 1; }

WORK=$PREFIX.work
APT=$WORK/apt
rm -rf "$WORK"
trap 'rm -rf "$WORK"' EXIT
mkdir -p "$APT/etc" "$APT/none" "$APT/lists/partial" "$APT/cache/archives/partial" "$WORK/download"

# An apt of its own, so that source entries of newer suites never touch the machine's.
cat > "$APT/apt.conf" <<END
Dir::Etc "$APT/etc";
Dir::Etc::SourceList "$APT/etc/sources.list";
Dir::Etc::SourceParts "$APT/none";
Dir::Etc::Parts "$APT/none";
Dir::Etc::PreferencesParts "$APT/none";
Dir::State::lists "$APT/lists";
Dir::Cache "$APT/cache";
Acquire::Languages "none";
Acquire::AllowInsecureRepositories "false";
APT::Get::AllowUnauthenticated "false";
APT::Sandbox::User "root";
END
MIRROR=$(sed -n 's/^URIs: *\([^ ]*\).*/\1/p; s/^deb  *\(\[[^]]*\] \)\{0,1\}\(http[^ ]*\).*/\2/p' \
  /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null | grep -v security | head -n 1)
[ -n "$MIRROR" ] || { say "no Debian mirror in the apt sources"; exit 1; }

# Whichever suite still carries this version. A mirror's Release file may be past its date; the signature and the
# pins above hold all the same.
found=
for suite in forky sid trixie; do
  echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg check-valid-until=no] $MIRROR $suite main" \
    > "$APT/etc/sources.list"
  rm -f "$APT"/lists/*_*
  APT_CONFIG=$APT/apt.conf apt-get update -qq || continue
  (cd "$WORK/download" && APT_CONFIG=$APT/apt.conf apt-get source -qq --download-only "open62541=$VERSION") || continue
  found=$suite
  break
done
[ -n "$found" ] || { say "no suite of $MIRROR has version $VERSION"; exit 1; }
(cd "$WORK/download" && echo "$PINS" | sha256sum -c --quiet -)
(cd "$WORK" && dpkg-source --no-check -x "download/open62541_$VERSION.dsc" src >/dev/null)

alarms=OFF
[ "$NS0" != FULL ] || alarms=ON
# Answers too short to name their type are handed on, and freed, as they lie on the stack (processMSGResponse): with
# zeros there, nothing is freed. Without it any server could crash the program.
hardening=-ftrivial-auto-var-init=zero
cmake -S "$WORK/src" -B "$WORK/build" -G Ninja -Wno-dev -DCMAKE_BUILD_TYPE=RelWithDebInfo -DBUILD_SHARED_LIBS=OFF \
  -DCMAKE_INTERPROCEDURAL_OPTIMIZATION=OFF -DCMAKE_POSITION_INDEPENDENT_CODE=ON -DCMAKE_INSTALL_PREFIX="$PREFIX" -DCMAKE_INSTALL_LIBDIR=lib \
  "-DCMAKE_C_FLAGS=$hardening -ffile-prefix-map=$WORK/src/=open62541/" \
  -DUA_ENABLE_ENCRYPTION=OPENSSL -DUA_MULTITHREADING=100 -DUA_LOGLEVEL=200 \
  -DUA_NAMESPACE_ZERO="$NS0" -DUA_NODESET_DIR="$WORK/src/nodeset" \
  -DUA_ENABLE_SUBSCRIPTIONS_ALARMS_CONDITIONS="$alarms" \
  -DUA_ENABLE_DATATYPES_ALL=ON -DUA_ENABLE_SUBSCRIPTIONS=ON -DUA_ENABLE_SUBSCRIPTIONS_EVENTS=ON \
  -DUA_ENABLE_METHODCALLS=ON -DUA_ENABLE_HISTORIZING=ON -DUA_ENABLE_JSON_ENCODING=ON -DUA_ENABLE_DA=ON \
  -DUA_ENABLE_PUBSUB=OFF -DUA_ENABLE_PUBSUB_INFORMATIONMODEL=OFF -DUA_ENABLE_AMALGAMATION=OFF \
  -DUA_ENABLE_DEBUG_SANITIZER=OFF -DUA_BUILD_EXAMPLES=OFF -DUA_BUILD_UNIT_TESTS=OFF >/dev/null
cmake --build "$WORK/build" -j"${JOBS:-$(nproc)}"
rm -rf "$PREFIX"
cmake --install "$WORK/build" >/dev/null
echo "$VERSION+$BUILD $NS0" > "$STAMP"
