#include "clean/clean.hpp"
