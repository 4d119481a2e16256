"""How often each fault of a proxy has happened: happened.py URL"""

import sys
import urllib.request

print(urllib.request.urlopen(f"{sys.argv[1]}/faults").read().decode())
