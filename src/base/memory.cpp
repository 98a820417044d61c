#include "base/memory.hpp"

#include <malloc.h>

namespace agg {

void give_back_memory() {
#ifdef __GLIBC__
    ::malloc_trim(0);
#endif
}

}  // namespace agg
