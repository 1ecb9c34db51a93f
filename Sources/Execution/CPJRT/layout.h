// The part of PJRT's C interface that programs of tensors need: its documented layout in our own
// names.
//
// Every function takes one pointer to a struct that begins with the struct's size, as the caller
// knows it, and a list of extensions (NULL). A plugin refuses a struct that is shorter than the
// members it needs and ignores what follows those it knows. Nearly all functions return an error,
// or NULL where all is well.
#ifndef LAYOUT_H
#define LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Places in the table: slot i lies 40 + 8·i bytes behind the table's start. New functions come last.
enum slot {
  error_destroy = 0,
  error_message = 1,
  error_code = 2,
  plugin_initialize = 3,
  event_destroy = 5,
  event_await = 8,
  client_create = 10,
  client_destroy = 11,
  client_platform_name = 12,
  client_platform_version = 14,
  client_addressable_devices = 16,
  client_compile = 20,
  client_buffer_from_host = 22,
  description_kind = 26,
  device_description = 29,
  device_memory_stats = 34,
  executable_destroy = 40,
  executable_serialize = 49,
  loaded_destroy = 50,
  loaded_executable = 51,
  loaded_execute = 55,
  deserialize_and_load = 56,
  buffer_destroy = 58,
  buffer_to_host = 70,
};

#define HEAD    \
  size_t size; \
  void *extensions

struct table {
  HEAD;
  struct {
    HEAD;
    int major, minor;
  } version;
  void *functions[];
};
_Static_assert(offsetof(struct table, functions) == 40, "layout of the table");

struct head {
  HEAD;
};
struct object {
  HEAD;
  void *object;
};
struct text {
  HEAD;
  void *object;
  const char *start;
  size_t length;
};
struct number {
  HEAD;
  void *object;
  int number;
};
struct link {
  HEAD;
  void *object;
  void *result;
};
struct list {
  HEAD;
  void *object;
  void *const *items;
  size_t count;
};
struct create {
  HEAD;
  const void *options;
  size_t option_count;
  void *get, *get_context, *put, *put_context;  // the store that several processes share
  void *client;
  void *try_get, *try_get_context;  // since 0.61
};
struct code {
  HEAD;
  char *bytes;
  size_t length;
  const char *format;
  size_t format_length;
};
struct compile {
  HEAD;
  void *client;
  const struct code *code;
  const char *options;  // a serialised CompileOptionsProto
  size_t options_length;
  void *executable;
};
struct from_host {
  HEAD;
  void *client;
  const void *data;
  int type;
  const int64_t *dimensions;
  size_t rank;
  const int64_t *strides;  // NULL: row-major
  size_t stride_count;
  int semantics;  // 0: the bytes may change as soon as the call has returned
  void *device, *memory, *layout;
  void *done, *buffer;
};
struct execute_options {
  HEAD;
  void *send, *receive;
  size_t sends, receives;
  int launch;
  const int64_t *not_donated;
  size_t not_donated_count;
  void *context;  // since 0.64
  const char *location;
  size_t tasks;
  int *task_ids;
  int64_t *incarnations;  // since 0.78
};
struct execute {
  HEAD;
  void *executable;
  struct execute_options *options;
  void *const *const *arguments;
  size_t devices, argument_count;
  void **const *outputs;
  void **done;
  void *device;
};
struct to_host {
  HEAD;
  void *buffer, *layout, *data;
  size_t length;
  void *done;
};
struct serialize {
  HEAD;
  const void *executable;
  const char *bytes;
  size_t length;
  void *owner;
  void (*free_owner)(void *);
};
struct deserialize {
  HEAD;
  void *client;
  const char *bytes;
  size_t length;
  void *executable;
  const char *options;
  size_t options_length;
};
struct memory_stats {
  HEAD;
  void *device;
  int64_t in_use;
  struct {
    int64_t value;
    bool is_set;
  } peak, allocations, largest_allocation, limit, reserved, peak_reserved, reservable, largest_free,
      pool, peak_pool;
};

// The size to write into a struct's head: up to its last member, without the padding after it.
#define SIZE(type, last) (offsetof(type, last) + sizeof(((type *)0)->last))

#endif
