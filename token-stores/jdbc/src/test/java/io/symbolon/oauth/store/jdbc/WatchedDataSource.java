package io.symbolon.oauth.store.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.sql.DataSource;

/** Tells what is called on a real database's connections, and makes calls fail. */
final class WatchedDataSource {
  /** Called around each call; fails it by failing. */
  interface Fault {
    void at(String call) throws SQLException;
  }

  /** Such as {@code Connection.setAutoCommit[true]}, in order. */
  final List<String> calls = Collections.synchronizedList(new ArrayList<>());

  volatile Fault before = call -> {};
  volatile Fault after = call -> {};

  private final DataSource real;

  WatchedDataSource(DataSource real) {
    this.real = real;
  }

  DataSource dataSource() {
    return watched(DataSource.class, real);
  }

  private <T> T watched(Class<T> type, Object target) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> call(type, target, method, arguments)));
  }

  private Object call(Class<?> type, Object target, Method method, Object[] arguments)
      throws Throwable {
    String call = type.getSimpleName() + "." + method.getName() + text(arguments);
    calls.add(call);
    before.at(call);
    Object result;
    try {
      result = method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
    after.at(call);
    for (Class<?> watched : List.of(Connection.class, PreparedStatement.class, Statement.class)) {
      if (method.getReturnType() == watched) {
        return watched(watched, result);
      }
    }
    return result;
  }

  /** Flags and numbers: the others may be secrets or long. */
  private static String text(Object[] arguments) {
    List<Object> shown = new ArrayList<>();
    for (Object argument : arguments == null ? new Object[0] : arguments) {
      if (argument instanceof Boolean || argument instanceof Integer) {
        shown.add(argument);
      }
    }
    return shown.isEmpty() ? "" : shown.toString();
  }

  long count(String call) {
    synchronized (calls) {
      return calls.stream().filter(call::equals).count();
    }
  }
}
