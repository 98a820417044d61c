// What malloc keeps of what was freed, and what of the program and its libraries is in memory. Any thread.
#pragma once

namespace agg {

// Gives it back to the kernel. Takes milliseconds: for the end of a busy moment.
void give_back_memory();

}  // namespace agg
