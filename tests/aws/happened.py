"""Prints how often each fault of the proxy occurred: happened.py URL"""

import sys
import urllib.request

print(urllib.request.urlopen(f"{sys.argv[1]}/faults").read().decode())
