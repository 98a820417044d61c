#include "base/memory.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <link.h>
#include <malloc.h>
#include <string_view>

namespace agg {
namespace {

// What nothing writes to is in the file as well. Most of it was needed to begin, or once in a while.
int let_go(dl_phdr_info* object, std::size_t, void*) {
    if (std::string_view(object->dlpi_name).starts_with("linux-vdso")) return 0;  // is in no file
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    for (int n = 0; n < object->dlpi_phnum; ++n) {
        const ElfW(Phdr)& part = object->dlpi_phdr[n];
        if (part.p_type != PT_LOAD || (part.p_flags & PF_W) != 0) continue;
        const std::uintptr_t begin = (object->dlpi_addr + part.p_vaddr) & ~(page - 1);
        const std::uintptr_t end = object->dlpi_addr + part.p_vaddr + part.p_filesz;
        ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);  // NOLINT(performance-no-int-to-ptr)
    }
    return 0;
}

}  // namespace

void give_back_memory() {
#ifdef __GLIBC__
    ::malloc_trim(0);
#endif
    ::dl_iterate_phdr(let_go, nullptr);
}

}  // namespace agg
