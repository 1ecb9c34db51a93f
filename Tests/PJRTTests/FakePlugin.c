// A library that is nearly a PJRT plugin: FAULT chooses what is wrong with it.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum fault { none, null_table, wild_table, odd_version, old_version, short_table, missing_function,
             wild_function, failing_start, failing_client, no_devices };

struct head { size_t size; void *extensions; };
struct text { struct head head; void *object; const char *start; size_t length; };
struct number { struct head head; void *object; int number; };
struct list { struct head head; void *object; void *const *items; size_t count; };
struct create { struct head head; const void *options; size_t count; void *callbacks[4]; void *client; };

static struct {
  struct head head;
  struct { struct head head; int major, minor; } version;
  void *functions[100];
} table;

static int handle;
static char words[] = "the card is \033[31mbusy";

static void *nothing(void *arguments) { (void)arguments; return NULL; }
static void *failure(void *arguments) { (void)arguments; return &handle; }
static void *message(void *arguments) {
  struct text *text = arguments;
  text->start = words;
  text->length = sizeof words - 1;
  return NULL;
}
static void *code(void *arguments) { ((struct number *)arguments)->number = 14; return NULL; }
static void *create(void *arguments) { ((struct create *)arguments)->client = &handle; return NULL; }
static void *name(void *arguments) {
  struct text *text = arguments;
  text->start = "fake";
  text->length = 4;
  return NULL;
}
static void *devices(void *arguments) {
  struct list *list = arguments;
  list->items = NULL;
  list->count = 0;
  return NULL;
}

const void *GetPjrtApi(void) {
  enum fault fault = FAULT;
  if (fault == null_table) return NULL;
  if (fault == wild_table) return (const void *)0x1234568;
  table.head.size = sizeof table;
  table.version.head.size = sizeof table.version;
  table.version.minor = 115;
  for (int i = 0; i < 100; i++) table.functions[i] = nothing;
  table.functions[1] = message;
  table.functions[2] = code;
  table.functions[10] = create;
  table.functions[12] = table.functions[14] = name;
  table.functions[16] = devices;
  if (fault == odd_version) table.version.major = 7;
  if (fault == old_version) table.version.minor = 21;
  if (fault == short_table) table.head.size = 120;
  if (fault == missing_function) table.functions[20] = NULL;
  if (fault == wild_function) table.functions[55] = (void *)0x10;
  if (fault == failing_start) table.functions[3] = failure;
  if (fault == failing_client) table.functions[10] = failure;
  return &table;
}
