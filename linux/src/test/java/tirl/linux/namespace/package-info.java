/** Network namespaces for tests against the real kernel, and programs that run in them. */
package tirl.linux.namespace;
