add_library(nelumbo_flags INTERFACE)
target_compile_features(nelumbo_flags INTERFACE cxx_std_20)
# g++ 12 sees overlapping copies in std::string's operator+ that are not there: -Wno-restrict.
target_compile_options(nelumbo_flags INTERFACE
  -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wno-restrict -ffp-contract=off)

# nelumbo_library(<folder> [LINKS <target>...] [TORCH <source>...]): the sources of one folder, as
# nelumbo::<folder>. LINKS is the one statement of what the folder may include; scripts/check_layering.py
# reads it. The sources under TORCH go into libnelumbo_torch (learner/torch_library.h).
function(nelumbo_library folder)
  cmake_parse_arguments(ARG "" "" "LINKS;TORCH" ${ARGN})
  file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.h)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  list(TRANSFORM ARG_TORCH PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  list(REMOVE_ITEM sources ${ARG_TORCH})
  target_sources(nelumbo_torch PRIVATE ${ARG_TORCH})
  if(sources)
    add_library(nelumbo_${folder} STATIC ${sources})
    target_link_libraries(nelumbo_${folder} PRIVATE nelumbo_flags)
    set(scope PUBLIC)
  else()
    add_library(nelumbo_${folder} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_link_libraries(nelumbo_${folder} ${scope} ${ARG_LINKS})
  target_compile_features(nelumbo_${folder} ${scope} cxx_std_20)
  target_sources(nelumbo_${folder} ${scope}
    FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${headers})
  add_library(nelumbo::${folder} ALIAS nelumbo_${folder})
endfunction()

# nelumbo_loads_torch(<executable>): it may load libnelumbo_torch, which finds in it all that it calls of
# the folders up to learner.
function(nelumbo_loads_torch executable)
  set(whole base kernels model corpus rollout reward learner)
  list(TRANSFORM whole PREPEND nelumbo_)
  string(REPLACE ";" "," whole "${whole}")
  set_target_properties(${executable} PROPERTIES ENABLE_EXPORTS ON BUILD_RPATH ${PROJECT_BINARY_DIR}
    LINK_LIBRARY_OVERRIDE "WHOLE_ARCHIVE,${whole}")
  add_dependencies(${executable} nelumbo_torch)
endfunction()
