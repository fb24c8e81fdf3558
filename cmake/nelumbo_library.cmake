add_library(nelumbo_flags INTERFACE)
target_compile_features(nelumbo_flags INTERFACE cxx_std_20)
# g++ 12 sees overlapping copies in std::string's operator+ that are not there: -Wno-restrict.
target_compile_options(nelumbo_flags INTERFACE
  -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wno-restrict -ffp-contract=off)

# nelumbo_library(<folder> [LINKS <target>...]): the sources of one folder, as nelumbo::<folder>.
# LINKS is the one statement of what the folder may include; scripts/check_layering.py reads it.
function(nelumbo_library folder)
  cmake_parse_arguments(ARG "" "" "LINKS" ${ARGN})
  file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.h)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
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
