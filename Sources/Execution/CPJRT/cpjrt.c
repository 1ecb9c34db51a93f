#define _GNU_SOURCE
#include "cpjrt.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "layout.h"

struct cpjrt_plugin {
  const struct table *table;
};

static int fail(char *message, const char *format, const char *detail) {
  snprintf(message, cpjrt_message_size, format, detail);
  return -1;
}

// MARK: Calls

typedef void *(*function)(void *);

static function at(const cpjrt_plugin *plugin, enum slot slot) {
  return (function)plugin->table->functions[slot];
}

// Calls a function of the table; what it says of a failure follows `what` in `message`.
static int call(const cpjrt_plugin *plugin, enum slot slot, void *arguments, const char *what,
                char *message) {
  void *error = at(plugin, slot)(arguments);
  if (!error) return 0;
  struct text text = {SIZE(struct text, length), 0, error, "", 0};
  at(plugin, error_message)(&text);
  struct number code = {SIZE(struct number, number), 0, error, 0};
  void *no_code = at(plugin, error_code)(&code);
  if (no_code) {
    struct object object = {sizeof object, 0, no_code};
    at(plugin, error_destroy)(&object);
  }
  enum { resource_exhausted = 8 };
  snprintf(message, cpjrt_message_size, "%s: %s%.*s", what,
           code.number == resource_exhausted ? "no memory on the device: " : "",
           (int)(text.length < cpjrt_message_size ? text.length : cpjrt_message_size), text.start);
  struct object object = {sizeof object, 0, error};
  at(plugin, error_destroy)(&object);
  return -1;
}

static void release(const cpjrt_plugin *plugin, enum slot slot, void *handle) {
  char unused[cpjrt_message_size];
  struct object object = {sizeof object, 0, handle};
  if (handle) call(plugin, slot, &object, "free", unused);
}

static int wait_for(const cpjrt_plugin *plugin, void *event, const char *what, char *message) {
  if (!event) return 0;
  struct object object = {sizeof object, 0, event};
  int result = call(plugin, event_await, &object, what, message);
  release(plugin, event_destroy, event);
  return result;
}

// MARK: Plugins

// Copies memory that may not be there. Gives 0, or -1 where it cannot be read.
static int peek(const void *address, void *copy, size_t count) {
  struct iovec to = {copy, count}, from = {(void *)address, count};
  ssize_t got = process_vm_readv(getpid(), &to, 1, &from, 1, 0);
  if (got == (ssize_t)count) return 0;
  if (got < 0 && (errno == ENOSYS || errno == EPERM)) {  // a system that does not offer the call
    memcpy(copy, address, count);
    return 0;
  }
  return -1;
}

static const enum slot needed[] = {
    error_destroy,       error_message,        error_code,
    plugin_initialize,   event_destroy,        event_await,
    client_create,       client_destroy,       client_platform_name,
    client_platform_version, client_addressable_devices, client_compile,
    client_buffer_from_host, description_kind, device_description,
    device_memory_stats, executable_destroy,   executable_serialize,
    loaded_destroy,      loaded_executable,    loaded_execute,
    deserialize_and_load, buffer_destroy,      buffer_to_host,
};
enum { needed_count = sizeof needed / sizeof needed[0] };

// What is wrong with a table, in words that complete "is no PJRT plugin: "; NULL where nothing is.
static const char *fault_of(const struct table *table) {
  static char text[200];
  struct table head;
  if (!table || (uintptr_t)table % sizeof(void *) || peek(table, &head, sizeof head))
    return "GetPjrtApi gives no table";
  size_t least = sizeof head + (buffer_to_host + 1) * sizeof(void *);
  if (head.version.size < sizeof head.version || head.size > 1 << 20)
    return "its table does not begin as one of PJRT does";
  if (head.version.major != 0 || head.version.minor < cpjrt_oldest_minor) {
    snprintf(text, sizeof text, "it has version %d.%d of the interface, 0.%d or later is needed",
             head.version.major, head.version.minor, cpjrt_oldest_minor);
    return text;
  }
  void *functions[buffer_to_host + 1];
  if (head.size < least || peek(table->functions, functions, sizeof functions)) {
    snprintf(text, sizeof text, "its table of %zu bytes is shorter than the %zu that are needed",
             head.size, least);
    return text;
  }
  for (int i = 0; i < needed_count; i++) {
    Dl_info place;
    if (!functions[needed[i]] || !dladdr(functions[needed[i]], &place)) {
      snprintf(text, sizeof text, "place %d of its table holds no function", (int)needed[i]);
      return text;
    }
  }
  return NULL;
}

int cpjrt_open(const char *path, cpjrt_plugin **plugin, char message[cpjrt_message_size]) {
  *plugin = NULL;
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) return fail(message, "cannot be loaded: %s", dlerror());
  const struct table *(*get)(void) = (const struct table *(*)(void))dlsym(library, "GetPjrtApi");
  if (!get) return fail(message, "is no PJRT plugin: it has no symbol %s", "GetPjrtApi");
  const struct table *table = get();
  const char *fault = fault_of(table);
  if (fault) return fail(message, "is no PJRT plugin that can be used: %s", fault);
  cpjrt_plugin *opened = malloc(sizeof *opened);
  if (!opened) return fail(message, "%s", "no memory");
  opened->table = table;
  struct head arguments = {sizeof arguments, 0};
  if (call(opened, plugin_initialize, &arguments, "its start failed", message)) {
    free(opened);
    return -1;
  }
  *plugin = opened;
  return 0;
}

void cpjrt_version(const cpjrt_plugin *plugin, int *major, int *minor) {
  *major = plugin->table->version.major;
  *minor = plugin->table->version.minor;
}

// MARK: Clients and devices

int cpjrt_client_new(const cpjrt_plugin *plugin, void **client, char message[cpjrt_message_size]) {
  struct create create = {.size = SIZE(struct create, try_get_context)};
  if (call(plugin, client_create, &create, "the device cannot be used", message)) return -1;
  *client = create.client;
  return 0;
}

void cpjrt_client_free(const cpjrt_plugin *plugin, void *client) {
  release(plugin, client_destroy, client);
}

static int text_of(const cpjrt_plugin *plugin, enum slot slot, void *object, cpjrt_text *result,
                   char *message) {
  struct text text = {SIZE(struct text, length), 0, object, "", 0};
  if (call(plugin, slot, &text, "a name of the device", message)) return -1;
  *result = (cpjrt_text){text.start, text.length};
  return 0;
}

int cpjrt_platform(const cpjrt_plugin *plugin, void *client, cpjrt_text *name, cpjrt_text *version,
                   char message[cpjrt_message_size]) {
  return text_of(plugin, client_platform_name, client, name, message) ||
                 text_of(plugin, client_platform_version, client, version, message)
             ? -1
             : 0;
}

int cpjrt_devices(const cpjrt_plugin *plugin, void *client, void *const **devices, size_t *count,
                  char message[cpjrt_message_size]) {
  struct list list = {SIZE(struct list, count), 0, client, 0, 0};
  if (call(plugin, client_addressable_devices, &list, "the list of devices", message)) return -1;
  *devices = list.items;
  *count = list.count;
  return 0;
}

int cpjrt_device_kind(const cpjrt_plugin *plugin, void *device, cpjrt_text *kind,
                      char message[cpjrt_message_size]) {
  struct link link = {SIZE(struct link, result), 0, device, 0};
  if (call(plugin, device_description, &link, "the description of a device", message)) return -1;
  return text_of(plugin, description_kind, link.result, kind, message);
}

int64_t cpjrt_device_memory(const cpjrt_plugin *plugin, void *device) {
  char unused[cpjrt_message_size];
  struct memory_stats stats = {.size = SIZE(struct memory_stats, peak_pool), .device = device};
  if (call(plugin, device_memory_stats, &stats, "memory", unused)) return 0;
  return stats.limit.is_set ? stats.limit.value : 0;
}

// MARK: Executables

int cpjrt_compile(const cpjrt_plugin *plugin, void *client, const char *code, size_t length,
                  size_t devices, void **executable, char message[cpjrt_message_size]) {
  // CompileOptionsProto {3: ExecutableBuildOptionsProto {4: num_replicas, 5: num_partitions = 1},
  // 4: compile_portable_executable}: portable is what runs on one device, chosen when it runs. The
  // number of replicas has two bytes, seven bits in each.
  const char options[] = {0x1a, 5, 0x20, (char)(0x80 | (devices & 0x7f)), (char)(devices >> 7),
                          0x28, 1, 0x20, devices == 1};
  if (devices < 1 || devices > cpjrt_most_devices)
    return fail(message, "%s", "a program runs on 1 to 128 devices");
  struct code program = {SIZE(struct code, format_length), 0, (char *)code, length, "mlir", 4};
  struct compile compile = {SIZE(struct compile, executable), 0, client, &program, options,
                            sizeof options, 0};
  if (call(plugin, client_compile, &compile, "the program cannot be compiled", message)) return -1;
  *executable = compile.executable;
  return 0;
}

void cpjrt_executable_free(const cpjrt_plugin *plugin, void *executable) {
  release(plugin, loaded_destroy, executable);
}

int cpjrt_serialize(const cpjrt_plugin *plugin, void *executable, cpjrt_sink sink, void *context,
                    char message[cpjrt_message_size]) {
  struct link link = {SIZE(struct link, result), 0, executable, 0};
  if (call(plugin, loaded_executable, &link, "an executable as bytes", message)) return -1;
  struct serialize bytes = {.size = SIZE(struct serialize, free_owner), .executable = link.result};
  int result = call(plugin, executable_serialize, &bytes, "an executable as bytes", message);
  if (!result) {
    sink(context, bytes.bytes, bytes.length);
    if (bytes.free_owner) bytes.free_owner(bytes.owner);
  }
  release(plugin, executable_destroy, link.result);
  return result;
}

int cpjrt_deserialize(const cpjrt_plugin *plugin, void *client, const void *bytes, size_t length,
                      void **executable, char message[cpjrt_message_size]) {
  struct deserialize load = {SIZE(struct deserialize, options_length), 0, client, bytes, length, 0,
                             0, 0};
  if (call(plugin, deserialize_and_load, &load, "an executable from bytes", message)) return -1;
  *executable = load.executable;
  return 0;
}

// MARK: Buffers

int cpjrt_upload(const cpjrt_plugin *plugin, void *client, void *device, const void *data, int type,
                 const int64_t *dimensions, size_t rank, void **buffer,
                 char message[cpjrt_message_size]) {
  struct from_host from = {
      .size = SIZE(struct from_host, buffer), .client = client, .data = data, .type = type,
      .dimensions = dimensions, .rank = rank, .device = device};
  if (call(plugin, client_buffer_from_host, &from, "a tensor cannot be sent", message)) return -1;
  if (wait_for(plugin, from.done, "a tensor cannot be sent", message)) {
    release(plugin, buffer_destroy, from.buffer);
    return -1;
  }
  *buffer = from.buffer;
  return 0;
}

int cpjrt_download(const cpjrt_plugin *plugin, void *buffer, void *data, size_t length,
                   char message[cpjrt_message_size]) {
  struct to_host to = {SIZE(struct to_host, done), 0, buffer, 0, data, length, 0};
  if (call(plugin, buffer_to_host, &to, "a tensor cannot be read", message)) return -1;
  return wait_for(plugin, to.done, "a tensor cannot be read", message);
}

void cpjrt_buffer_free(const cpjrt_plugin *plugin, void *buffer) {
  release(plugin, buffer_destroy, buffer);
}

int cpjrt_execute(const cpjrt_plugin *plugin, void *executable, void *device, size_t devices,
                  void *const *arguments, size_t argument_count, void **outputs,
                  size_t output_count, char message[cpjrt_message_size]) {
  if (devices < 1 || devices > cpjrt_most_devices)
    return fail(message, "%s", "a program runs on 1 to 128 devices");
  void *const *arguments_of[cpjrt_most_devices];
  void **outputs_of[cpjrt_most_devices];
  void *done[cpjrt_most_devices] = {NULL};
  for (size_t i = 0; i < devices; i++) {
    arguments_of[i] = arguments + i * argument_count;
    outputs_of[i] = outputs + i * output_count;
  }
  struct execute_options options = {.size = SIZE(struct execute_options, incarnations)};
  struct execute execute = {
      .size = SIZE(struct execute, device), .executable = executable, .options = &options,
      .arguments = arguments_of, .devices = devices, .argument_count = argument_count,
      .outputs = outputs_of, .done = done, .device = devices == 1 ? device : NULL};
  if (call(plugin, loaded_execute, &execute, "the program failed", message)) return -1;
  int result = 0;
  for (size_t i = 0; i < devices; i++)
    if (wait_for(plugin, done[i], "the program failed", message)) result = -1;
  return result;
}
