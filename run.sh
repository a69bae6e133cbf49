#!/usr/bin/env bash
# Installs what is missing, builds Tagwire and starts it. Arguments go to the program: ./run.sh --help
# Without --config it takes the folder config/ if that holds a .toml file, and otherwise starts the simulator.
set -euo pipefail
# shellcheck source=scripts/env.sh
source "$(dirname "${BASH_SOURCE[0]}")/scripts/env.sh"

(
  cd "$TAGWIRE_ROOT"
  scripts/setup.sh build
  [[ -f build/release/build.ninja ]] || cmake --preset release
  cmake --build --preset release --target tagwire
) >&2

arguments=("$@")
if [[ ! " $* " =~ \ (-c|--config)[\ =] ]] && compgen -G "$TAGWIRE_ROOT/config/*.toml" >/dev/null; then
  arguments=(--config "$TAGWIRE_ROOT/config" "$@")
fi
exec "$TAGWIRE_ROOT/build/release/bin/tagwire" "${arguments[@]}"
