/** What an error of the system about a file or a stream means, for people; its message where that is unknown. */
export function systemReason({ code, message }: NodeJS.ErrnoException): string {
  return reasons[code ?? ''] ?? message;
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EEXIST: 'it exists already',
  EIO: 'the device reports an error',
  EISDIR: 'it is a folder',
  ENOENT: 'there is no such file or folder',
  ENOSPC: 'no space left on the device',
  ENOTDIR: 'it is not a folder',
  EROFS: 'the file system is read-only',
};
