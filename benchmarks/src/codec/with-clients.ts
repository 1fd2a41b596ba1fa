/** The name of a subject that is measured in a process in which all clients are loaded. */
export function withClients(subject: string): string {
  return `${subject}, all clients loaded`;
}
