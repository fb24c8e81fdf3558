# FindNCCL: NCCL and CUDA's runtime. Imported target: NCCL::nccl
#
# Beside LibTorch (scripts/setup.sh --nccl puts the wheels of its release there), else where a CUDA
# toolkit lies: on the compiler's and the linker's paths, or in NCCL_ROOT. One process loads one
# libcudart.so.13 and one libnccl.so.2, so LibTorch's own come first.
get_filename_component(beside "${LibTorch_INCLUDE_DIR}" REALPATH)
get_filename_component(beside "${beside}/../../nvidia" ABSOLUTE)
set(toolkit /usr/local/cuda)
find_path(NCCL_INCLUDE_DIR NAMES nccl.h HINTS "${beside}/nccl" ${toolkit} PATH_SUFFIXES include)
find_library(NCCL_LIBRARY NAMES libnccl.so.2 nccl HINTS "${beside}/nccl" ${toolkit}
  PATH_SUFFIXES lib lib64)
find_path(NCCL_CUDA_INCLUDE_DIR NAMES cuda_runtime_api.h HINTS "${beside}/cu13" ${toolkit}
  PATH_SUFFIXES include)
find_library(NCCL_CUDA_LIBRARY NAMES libcudart.so.13 cudart HINTS "${beside}/cu13" ${toolkit}
  PATH_SUFFIXES lib lib64)
if(NCCL_INCLUDE_DIR)
  set(numbers "")
  foreach(part MAJOR MINOR PATCH)
    file(STRINGS "${NCCL_INCLUDE_DIR}/nccl.h" line REGEX "^#define NCCL_${part} ")
    string(REGEX MATCH "[0-9]+$" number "${line}")
    list(APPEND numbers ${number})
  endforeach()
  list(JOIN numbers "." NCCL_VERSION)
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(NCCL
  REQUIRED_VARS NCCL_LIBRARY NCCL_INCLUDE_DIR NCCL_CUDA_LIBRARY NCCL_CUDA_INCLUDE_DIR
  VERSION_VAR NCCL_VERSION
  REASON_FAILURE_MESSAGE "scripts/setup.sh --nccl installs it")
if(NCCL_FOUND AND NOT TARGET NCCL::nccl)
  add_library(NCCL::cudart UNKNOWN IMPORTED)
  set(headers "${NCCL_CUDA_INCLUDE_DIR}")
  if(IS_DIRECTORY "${headers}/cccl")  # nv/target, which nccl.h needs through cuda_fp16.h
    list(APPEND headers "${NCCL_CUDA_INCLUDE_DIR}/cccl")
  endif()
  set_target_properties(NCCL::cudart PROPERTIES IMPORTED_LOCATION "${NCCL_CUDA_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${headers}")
  add_library(NCCL::nccl UNKNOWN IMPORTED)
  set_target_properties(NCCL::nccl PROPERTIES IMPORTED_LOCATION "${NCCL_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${NCCL_INCLUDE_DIR}"
    INTERFACE_LINK_LIBRARIES NCCL::cudart)
endif()
mark_as_advanced(NCCL_INCLUDE_DIR NCCL_LIBRARY NCCL_CUDA_INCLUDE_DIR NCCL_CUDA_LIBRARY)
