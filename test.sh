#!/usr/bin/env bash
# Sets up and runs every check. Each stage is announced and timed; its output goes to build/logs/<stage>.log.
#   ./test.sh              all stages
#   ./test.sh quick        the stages of everyday work
#   ./test.sh STAGE…       just these (./test.sh list names them)
# The exit status is 1 when any stage failed. The last line counts the tests that ran.
set -uo pipefail
exec 3>&1 # where a stage says what must not be overlooked in its log
# shellcheck source=scripts/env.sh
source "$(dirname "${BASH_SOURCE[0]}")/scripts/env.sh"
cd "$TAGWIRE_ROOT"

# Stage → what it is. A stage is the function stage_<name> below; it may run only when the ones in NEEDS passed.
STAGES=(setup layers generated format web release system opcda-build opcda asan system-asan tsan fuzz lint)
QUICK=(setup layers generated format web release)
declare -A ABOUT=(
  [setup]='packages, Node.js, node modules'
  [layers]='arrows between modules, include cycles'
  [generated]='generated code is what the schema gives'
  [format]='clang-format'
  [web]='biome, svelte-check, bundle budget, vitest'
  [release]='release build, unit tests, benchmarks compile'
  [system]='the real program, peers and browser'
  [asan]='unit tests with AddressSanitizer and UBSan'
  [system-asan]='system tests with AddressSanitizer and UBSan'
  [tsan]='unit tests with ThreadSanitizer'
  [fuzz]='every fuzz target for a few seconds'
  [lint]='clang-tidy'
  [opcda-build]='OPC DA agent: for x64 and x86, unit tests, fuzzing'
  [opcda]='OPC DA agent and gateway with a simulator under Wine, and a browser'
)
declare -A NEEDS=([web]=setup [release]=setup [system]=release [asan]=setup [system-asan]=asan [tsan]=setup
  [fuzz]=asan [lint]=setup [format]=setup [opcda-build]=setup [opcda]=opcda-build)

# Stage → the stage whose idle moments it uses when both are asked for: it starts with that one, at idle priority, and
# is waited for when its turn comes.
declare -A BESIDE=([lint]=system [opcda-build]=system)

# What talks to the server in every way. The other system tests look at the browser or measure time, which the
# instrumented program has more of.
ASAN_SYSTEM=(badinput.test.mjs hostile.test.mjs protocol.test.mjs sources.test.mjs sse.test.mjs stop.test.mjs values.test.mjs
  history.test.mjs history-api.test.mjs added-sources.test.mjs documents.test.mjs)

cpp_sources() { find src bench cmake agent -name generated -prune -o \( -name '*.h' -o -name '*.cpp' \) -print 2>/dev/null; }
preset() { cmake --preset "$1" && cmake --build --preset "$1" "${@:2}"; }

stage_setup() { scripts/setup.sh test; }

stage_layers() { scripts/check-layers.mjs --self-test && scripts/check-layers.mjs; }

stage_generated() { node schema/generate.mjs --check; }

stage_format() { cpp_sources | xargs -r clang-format-19 --dry-run -Werror; }

# The pages are built by the C++ build's own script, so that the check of their size looks at what is embedded.
stage_web() { scripts/build-web.mjs && (cd web && npm run --silent check && npm run --silent test); }

stage_release() { preset release --target all benchmarks opcua_peers sbom && ctest --preset release; }

stage_system() { system_tests build/release/bin/tagwire; }

stage_asan() { preset asan && ctest --preset asan; }

stage_system-asan() {
  ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1 \
    UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1 system_tests build/asan/bin/tagwire "${ASAN_SYSTEM[@]}"
}

stage_tsan() { preset tsan && ctest --preset tsan; }

stage_fuzz() { ctest --preset fuzz; }

stage_lint() { preset lint; }

# has_wine: whether the agent can be built and run here. Where it cannot be, that is said aloud, and is no failure.
has_wine() {
  scripts/setup.sh opcda || command -v wine x86_64-w64-mingw32-g++-posix i686-w64-mingw32-g++-posix >/dev/null && return
  echo '*** NOT TESTED: mingw-w64 and Wine cannot be installed here; see above' | tee /dev/fd/3
  return 1
}

stage_opcda-build() {
  has_wine || return 0
  (
    cd agent/opcda || exit
    preset x64 && preset x86 && preset native && ctest --preset native && preset fuzz && ctest --preset fuzz
  )
}

stage_opcda() {
  has_wine || return 0
  preset release --target tagwire || return
  (
    cd agent/opcda || exit
    preset x64 || exit
    TAGWIRE_BINARY=$TAGWIRE_ROOT/build/release/bin/tagwire node --test --test-concurrency=1 --test-reporter=spec tests/*.test.mjs
  )
}

# Two files at a time: they wait more than they work.
system_tests() {
  (cd tests/system && TAGWIRE_BINARY=$TAGWIRE_ROOT/$1 node --test --test-concurrency=2 --test-reporter=spec "${@:2}")
}

# counts LOG → "passed failed", summed over the closing lines of ctest, node --test and vitest.
counts() {
  sed 's/\x1b\[[0-9;]*m//g' "$1" | awk '
    /tests passed, [0-9]+ tests failed out of [0-9]+/ {
      match($0, /[0-9]+ tests failed/); bad = substr($0, RSTART) + 0
      match($0, /out of [0-9]+/); all = substr($0, RSTART + 7) + 0
      failed += bad; passed += all - bad
    }
    /^(ℹ|#) pass [0-9]+$/ { passed += $3 }
    /^(ℹ|#) (fail|cancelled) [0-9]+$/ { failed += $3 }
    /^ *Tests +.*\([0-9]+\)$/ {
      if (match($0, /[0-9]+ failed/)) failed += substr($0, RSTART) + 0
      if (match($0, /[0-9]+ passed/)) passed += substr($0, RSTART) + 0
    }
    END { print passed + 0, failed + 0 }'
}

# failures LOG → the lines that name a failed test or a finding, without colours; at most 40.
failures() {
  sed 's/\x1b\[[0-9;]*m//g' "$1" | grep -E '✖|NOT CLEAN|\[  FAILED  \]|\*\*\*(Failed|Timeout|Exception)|(error|ERROR): ' | head -n 40
}

selected=()
for word in "${@:-all}"; do
  case $word in
    all) selected+=("${STAGES[@]}") ;;
    quick) selected+=("${QUICK[@]}") ;;
    list)
      for stage in "${STAGES[@]}"; do printf '%-12s %s\n' "$stage" "${ABOUT[$stage]}"; done
      exit 0
      ;;
    *)
      if [[ -z ${ABOUT[$word]:-} ]]; then
        echo "test.sh: no stage '$word'; ./test.sh list names them" >&2
        exit 2
      fi
      selected+=("$word")
      ;;
  esac
done

# run STAGE: writes its log, its seconds and its exit status beside each other, so that it can run in the background.
run() {
  local log=build/logs/$1.log before=$SECONDS status=0
  "stage_$1" >"$log" 2>&1 || status=$?
  echo "$status $((SECONDS - before))" >"$log.result"
}

declare -A background=()
trap 'for group in "${background[@]}"; do kill -- "-$group" 2>/dev/null; done' EXIT
# start_beside STAGE: whatever uses its idle moments.
start_beside() {
  local stage need
  for stage in "${selected[@]}"; do
    need=${NEEDS[$stage]:-}
    if [[ ${BESIDE[$stage]:-} == "$1" && (-z $need || ${result[$need]:-ok} == ok) ]]; then
      printf '== %-12s %s (beside %s)\n' "$stage" "${ABOUT[$stage]}" "$1"
      set -m # a process group of its own, which can be ended as a whole
      (
        chrt --idle --pid 0 "$BASHPID"
        run "$stage"
      ) &
      background[$stage]=$!
      set +m
    fi
  done
}

mkdir -p build/logs
declare -A result seconds passed failed
total_passed=0
total_failed=0
started=$SECONDS
for stage in "${selected[@]}"; do
  log=build/logs/$stage.log
  need=${NEEDS[$stage]:-}
  if [[ -n $need && ${result[$need]:-ok} != ok ]]; then
    result[$stage]="not run: $need failed"
    seconds[$stage]=0
    ((total_failed += 1))
    printf '== %-12s %s\n' "$stage" "${result[$stage]}"
    continue
  fi
  if [[ -n ${background[$stage]:-} ]]; then
    wait "${background[$stage]}"
    unset "background[$stage]"
  else
    start_beside "$stage"
    printf '== %-12s %s\n' "$stage" "${ABOUT[$stage]}"
    run "$stage"
  fi
  read -r status seconds["$stage"] <"$log.result"
  if ((status == 0)); then result[$stage]=ok; else result[$stage]=FAILED; fi
  read -r passed["$stage"] failed["$stage"] < <(counts "$log")
  # A stage without a test runner counts as one test; one that failed otherwise than by a test counts as a failure.
  if [[ ${result[$stage]} == ok ]]; then
    if ((passed[$stage] == 0)); then passed[$stage]=1; fi
  elif ((failed[$stage] == 0)); then
    failed[$stage]=1
  fi
  ((total_passed += passed[$stage], total_failed += failed[$stage]))
  printf '   %-12s %s, %d s\n' "$stage" "${result[$stage]}" "${seconds[$stage]}"
  if [[ ${result[$stage]} != ok ]]; then
    printf '   what failed, and the end of %s:\n' "$log"
    { failures "$log"; tail -n 60 "$log"; } | sed 's/^/   | /'
  elif [[ $stage == setup ]]; then
    source scripts/env.sh # it may have brought a Node.js
  fi
done

printf '\n%-12s %-24s %8s %8s %8s\n' stage result seconds passed failed
for stage in "${selected[@]}"; do
  printf '%-12s %-24s %8d %8s %8s\n' \
    "$stage" "${result[$stage]}" "${seconds[$stage]}" "${passed[$stage]:--}" "${failed[$stage]:--}"
done
printf '%-12s %-24s %8d\n\n' total '' $((SECONDS - started))
echo "$total_passed passed, $total_failed failed"
((total_failed == 0))
