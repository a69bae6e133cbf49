// The catalogue of lies.
#include "hostile/lies.h"

namespace hostile {

const std::map<std::string, Lie>& lies() {
    static const Lies kLies = [] {
        Lies all{{"", {}}};
        addSessionLies(all);
        addServiceLies(all);
        addPublishLies(all);
        addValueLies(all);
        return all;
    }();
    return kLies;
}

}  // namespace hostile
