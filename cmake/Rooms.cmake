# What every target of the project is built with.
add_library(agg_options INTERFACE)
target_include_directories(agg_options INTERFACE ${PROJECT_SOURCE_DIR}/src ${PROJECT_BINARY_DIR}/generated)
target_compile_options(agg_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast
  -Wno-mismatched-new-delete  # g++ 12 takes an inlined coroutine frame's own operator new for another one
  -Wno-missing-field-initializers  # designated initialisers leave out what keeps its default
  $<$<BOOL:${AGGD_WARNINGS_AS_ERRORS}>:-Werror>)
# One definition of Asio's shape for every object, or the linker mixes two of them. What needs no template is compiled in
# base/asio_library.cpp alone.
target_compile_definitions(agg_options INTERFACE
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_HAS_CO_AWAIT BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_DISABLE_BOOST_DATE_TIME)
if(AGGD_SANITIZE)
  add_compile_options(-fsanitize=${AGGD_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${AGGD_SANITIZE})
  if(AGGD_SANITIZE MATCHES "undefined")
    # vptr asks the kernel through a pipe, and calls sound objects bad when descriptors have run out (tests/failures); null and
    # object-size find what AddressSanitizer finds. The three take a good part of the build.
    add_compile_options(-fno-sanitize=vptr,null,object-size)
  endif()
  # g++ 12 sees uninitialised std::function members in libstdc++ itself once the sanitizers instrument it; Asio's fences, which
  # ThreadSanitizer does not know, are not what its order of events rests on.
  add_compile_options(-Wno-maybe-uninitialized)
  if(AGGD_SANITIZE STREQUAL thread)
    add_compile_options(-Wno-tsan)
  endif()
endif()

configure_file(${PROJECT_SOURCE_DIR}/cmake/version.hpp.in ${PROJECT_BINARY_DIR}/generated/version.hpp @ONLY)

# The headers of every room, parsed once.
file(WRITE ${PROJECT_BINARY_DIR}/generated/precompiled.cpp "")
add_library(agg_precompiled OBJECT ${PROJECT_BINARY_DIR}/generated/precompiled.cpp)
target_link_libraries(agg_precompiled PRIVATE agg_options fmt::fmt)
target_precompile_headers(agg_precompiled PRIVATE ${PROJECT_SOURCE_DIR}/cmake/precompiled.hpp)
# ccache can use them only so, and with "sloppiness = pch_defines,time_macros" in its own configuration.
if(CMAKE_CXX_COMPILER_LAUNCHER MATCHES "ccache")
  target_compile_options(agg_options INTERFACE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fpch-preprocess>)
endif()

# agg_room(NAME SOURCES file... [LINKS library...]): one folder of src/ as one static library. LINKS names the rooms and
# foreign libraries it may use; the linker refuses what is not there.
function(agg_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LINKS" ${ARGN})
  add_library(agg_${name} STATIC ${ROOM_SOURCES})
  target_link_libraries(agg_${name} PUBLIC agg_options ${ROOM_LINKS})
  target_precompile_headers(agg_${name} REUSE_FROM agg_precompiled)
endfunction()
