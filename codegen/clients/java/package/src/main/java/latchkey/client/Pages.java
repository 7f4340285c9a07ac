package latchkey.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The items of a list, from all of its pages. Each page is requested when its first item is needed, and each iterator
 * starts with the first page. An iterator throws the {@link LatchkeyException} of a page that cannot be had.
 */
public final class Pages<T> implements Iterable<T> {
  private static final Pattern NEXT = Pattern.compile("<([^>]*)>[^<]*;\\s*rel=\"?next\"?");
  private static final Pattern CURSOR = Pattern.compile("[?&]cursor=([^&]*)");

  private final Transport transport;
  private final Request first;
  private final Shape<T> shape;
  private final String member;
  private final BiFunction<Reply, JsonNode, String> nextCursor;

  private Pages(
      Transport transport,
      Request first,
      Shape<T> shape,
      String member,
      BiFunction<Reply, JsonNode, String> nextCursor) {
    this.transport = transport;
    this.first = first;
    this.shape = shape;
    this.member = member;
    this.nextCursor = nextCursor;
  }

  /** A list whose pages are objects with {@code items} and {@code next_cursor}. */
  static <T> Pages<T> byCursor(Transport transport, Request first, Shape<T> shape) {
    return new Pages<>(transport, first, shape, "items", Pages::cursorOfMember);
  }

  /** A list whose pages are arrays, with the address of the next one in {@code Link}. */
  static <T> Pages<T> byLink(Transport transport, Request first, Shape<T> shape) {
    return new Pages<>(transport, first, shape, null, (reply, json) -> cursorOfLink(reply));
  }

  @Override
  public Iterator<T> iterator() {
    return new Items();
  }

  public Stream<T> stream() {
    return StreamSupport.stream(spliterator(), false);
  }

  private static String cursorOfMember(Reply reply, JsonNode page) {
    var cursor = page.path("next_cursor");
    if (!cursor.isTextual() && !cursor.isNull()) {
      throw Shape.unreadable(reply);
    }
    return cursor.textValue();
  }

  private static String cursorOfLink(Reply reply) {
    var link = NEXT.matcher(String.join(", ", reply.headers().allValues("Link")));
    if (!link.find()) {
      return null;
    }
    var cursor = CURSOR.matcher(link.group(1));
    if (!cursor.find()) {
      throw Shape.unreadable(reply);
    }
    try {
      return URLDecoder.decode(cursor.group(1), UTF_8);
    } catch (IllegalArgumentException noText) {
      throw Shape.unreadable(reply);
    }
  }

  private final class Items implements Iterator<T> {
    private final Queue<T> items = new ArrayDeque<>();
    private String cursor;
    private boolean isLast;

    @Override
    public boolean hasNext() {
      while (items.isEmpty() && !isLast) {
        read(transport.page(cursor == null ? first : first.withCursor(cursor)));
      }
      return !items.isEmpty();
    }

    @Override
    public T next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return items.remove();
    }

    private void read(Reply reply) {
      var json = Shape.accepted(reply);
      var array = member == null ? json : json.path(member);
      if (!array.isArray()) {
        throw Shape.unreadable(reply);
      }
      var next = nextCursor.apply(reply, json);
      if (next != null && next.equals(cursor)) {
        throw Failure.unreadable(reply, "the list does not end: the next page is the same one");
      }
      array.forEach(item -> items.add(shape.read(item, reply)));
      cursor = next;
      isLast = next == null;
    }
  }
}
