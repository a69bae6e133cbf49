/// tagwire-da-agent: classic OPC DA at the console, and its bridge to a Tagwire gateway.
#include <cstdio>
#include <string>
#include <vector>

#include "com/platform.h"
#include "com/text.h"
#include "tool/commands.h"

int wmain(int argc, wchar_t** argv) {
    std::setvbuf(stderr, nullptr, _IONBF, 0);  // into a pipe or file it would be kept until the end
    std::vector<std::string> words;
    for (int i = 1; i < argc; ++i) words.push_back(tagwire::da::utf8Of(argv[i]));
    return tagwire::da::runTool(words);
}
