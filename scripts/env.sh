# Sourced by run.sh, test.sh and setup.sh: the project's own Node.js first on PATH, where setup.sh had to bring one.
TAGWIRE_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
if [[ -x $TAGWIRE_ROOT/.deps/node/bin/node ]]; then PATH=$TAGWIRE_ROOT/.deps/node/bin:$PATH; fi
: "${CMAKE_BUILD_PARALLEL_LEVEL:=$(nproc)}"
export PATH CMAKE_BUILD_PARALLEL_LEVEL
